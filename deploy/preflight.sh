#!/usr/bin/env bash
# Checks whether an account and a machine are ready for a deployment. It reads and changes nothing.
#
#   deploy/preflight.sh [RetryMaximumConcurrency [ApiRateLimit]]
#
# The numbers are the parameters of the stack, by default the template's. Needs the AWS CLI and the SAM CLI, and
# lambda:GetAccountSettings.
set -euo pipefail

retry_concurrency=${1:-20}
api_rate=${2:-50}
sam_at_least=1.146.0
code_mebibytes=100 # several builds: each has three versions of 12 MB

problems=0
check() { # <what> <found> <needed> <what to do>: found must be at least needed
  if [[ "$(printf '%s\n' "$2" "$3" | sort -V | head -n 1)" == "$3" ]]; then
    echo "ok       $1: $2, at least $3 needed"
  else
    echo "PROBLEM  $1: $2, at least $3 needed. $4"
    problems=$((problems + 1))
  fi
}

sam_version=$(sam --version)
check "SAM CLI" "${sam_version##* }" "$sam_at_least" "Older versions do not know the runtime java25."

read -r concurrency code_limit code_used < <(aws lambda get-account-settings --output text --query \
  '[AccountLimit.UnreservedConcurrentExecutions, AccountLimit.TotalCodeSize, AccountUsage.TotalCodeSize]')

# Both queues of RetryFunction, two seconds for each request, DispatchFunction.
check "unreserved concurrent executions" "$concurrency" $((2 * retry_concurrency + 2 * api_rate + 1)) \
  "Request a higher quota \"Concurrent executions\" of Lambda (new accounts may have 10), or lower both parameters."
check "MiB for function code" $(((code_limit - code_used) / 1048576)) "$code_mebibytes" \
  "Delete old versions of functions."

if ((problems > 0)); then
  exit 1
fi
echo "Ready."
