#!/usr/bin/env bash
# Checks whether an account and a machine are ready for a deployment, and whether the functions would start with the
# upstream's URL and the timeouts. It reads and changes nothing.
#
#   deploy/preflight.sh CryptoClientBaseUrl=https://signer.example [Parameter=value ...]
#
# It uses these parameters of the stack, at the template's defaults if they are left out, and accepts any other:
# CryptoClientBaseUrl, AllowPlainHttpUpstream, RetryMaximumConcurrency, ApiRateLimit, RetryTimeoutSeconds,
# CryptoClientRetryTimeoutSeconds, CallbackTimeoutSeconds.
# Needs the AWS CLI and the SAM CLI, and lambda:GetAccountSettings.
set -euo pipefail

retry_concurrency=20
api_rate=50
retry_timeout=20
upstream_timeout=10
callback_timeout=10
base_url=""
allow_plain_http=false
for parameter in "$@"; do
  value=${parameter#*=}
  case $parameter in
    RetryMaximumConcurrency=*) retry_concurrency=$value ;;
    ApiRateLimit=*) api_rate=$value ;;
    RetryTimeoutSeconds=*) retry_timeout=$value ;;
    CryptoClientRetryTimeoutSeconds=*) upstream_timeout=$value ;;
    CallbackTimeoutSeconds=*) callback_timeout=$value ;;
    CryptoClientBaseUrl=*) base_url=$value ;;
    AllowPlainHttpUpstream=*) allow_plain_http=$value ;;
    *=*) ;;
    *) echo "Not a parameter: $parameter. Write Name=value." >&2 && exit 2 ;;
  esac
done
sam_at_least=1.146.0
code_mebibytes=100 # several builds: each has three versions of 13 MB

problems=0
problem() {
  echo "PROBLEM  $1"
  problems=$((problems + 1))
}

check() { # <what> <found> <needed> <what to do>: found must be at least needed
  if [[ "$(printf '%s\n' "$2" "$3" | sort -V | head -n 1)" == "$3" ]]; then
    echo "ok       $1: $2, at least $3 needed"
  else
    problem "$1: $2, at least $3 needed. $4"
  fi
}

# The functions refuse the same when a version is published.
case $base_url in
  "") echo "skipped  URL of the upstream: name it as CryptoClientBaseUrl=https://..." ;;
  [Hh][Tt][Tt][Pp][Ss]://*) echo "ok       URL of the upstream: https" ;;
  [Hh][Tt][Tt][Pp]://*)
    if [[ $allow_plain_http == true ]]; then
      echo "ok       URL of the upstream: http, as AllowPlainHttpUpstream allows"
    else
      problem "URL of the upstream: http, so the key and the messages would travel in clear text. Use https, or set \
AllowPlainHttpUpstream=true."
    fi
    ;;
  *) problem "URL of the upstream: neither http nor https." ;;
esac

longest_call=$(printf '%s\n' "$upstream_timeout" "$callback_timeout" | sort -g | tail -n 1)
check "RetryTimeoutSeconds" "$retry_timeout" "$(awk -v call="$longest_call" 'BEGIN { print call + 10 }')" \
  "It needs 10 s more than CryptoClientRetryTimeoutSeconds and CallbackTimeoutSeconds."

sam_version=$(sam --version)
check "SAM CLI" "${sam_version##* }" "$sam_at_least" "Older versions do not know the runtime java25."

read -r concurrency code_limit code_used < <(aws lambda get-account-settings --output text --query \
  '[AccountLimit.UnreservedConcurrentExecutions, AccountLimit.TotalCodeSize, AccountUsage.TotalCodeSize]')

# Both queues of RetryFunction, two seconds for each request, and three runs of DispatchFunction: one
# begins each minute, and may last 180 s.
check "unreserved concurrent executions" "$concurrency" $((2 * retry_concurrency + 2 * api_rate + 3)) \
  "Request a higher quota \"Concurrent executions\" of Lambda (new accounts may have 10), or lower both parameters."
check "MiB for function code" $(((code_limit - code_used) / 1048576)) "$code_mebibytes" \
  "Delete old versions of functions."

if ((problems > 0)); then
  exit 1
fi
echo "Ready."
