#!/usr/bin/env bash
# Smoke test in a real AWS account. Deploys SignRelay as a stack of its own, and its upstream and receiver as a second
# one (smoke-upstream.yaml), checks what only AWS can show, and deletes everything.
#
#   AWS_REGION=eu-central-1 [ALARM_TOPIC=arn:aws:sns:...] deploy/smoke.sh
#
# With ALARM_TOPIC, the alarms notify that topic, and one alarm has to reach it.
# Requires the AWS CLI 2, the SAM CLI 1.146, Maven and a JDK 25 as every deployment does, curl, jq and openssl, and
# the rights of a deployer and of an operator (docs/deployment.md). Takes about 40 minutes and costs about $0.05.
set -euo pipefail
cd "$(dirname "$0")/.."

export AWS_REGION="${AWS_REGION:?Name the region: AWS_REGION=eu-central-1 $0}"
export AWS_DEFAULT_REGION="$AWS_REGION" AWS_PAGER=""

topic=${ALARM_TOPIC:-}
# The dry run (.ci/smoke-dry-run) sets both.
pace=${SMOKE_PACE:-5}    # seconds between two tries of a check
tries=${SMOKE_TRIES:-60} # so each check has five minutes

stack="signrelay-smoke-$(openssl rand -hex 4)"
started=$(date -u +%FT%TZ)
work=$(mktemp -d)
step="start"

client_key=$(openssl rand -hex 32)
upstream_key=$(openssl rand -hex 32)
callback_key=$(openssl rand -base64 32)

create_secret() { # <name> <value>; prints the ARN
  printf %s "$2" |
    aws secretsmanager create-secret --name "$stack/$1" --secret-string file:///dev/stdin --query ARN --output text
}

id_of() { # <resource of the stack>
  aws cloudformation describe-stack-resource --stack-name "$stack" --logical-resource-id "$1" --output text \
    --query StackResourceDetail.PhysicalResourceId
}

output_of() { # <stack> <output>
  aws cloudformation describe-stacks --stack-name "$1" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue"
}

deploy() { # <stack> <sam deploy's options ...>
  sam deploy --stack-name "$1" --region "$AWS_REGION" --resolve-s3 --s3-prefix "$stack" --capabilities CAPABILITY_IAM \
    --no-confirm-changeset --no-progressbar "${@:2}"
}

deploy_signrelay() { # <upstream calls a minute> <further parameters ...>
  deploy "$stack" --parameter-overrides "CryptoClientBaseUrl=$upstream" "CryptoClientApiKeySecret=$upstream_secret" \
    "CallbackSigningSecret=$callback_secret" "ClientApiKeysSecret=$client_secret" \
    "CryptoClientRateLimitReqPerMinute=$1" RetryBaseDelaySeconds=1 LogRetentionDays=1 ${topic:+"AlarmTopicArn=$topic"} \
    "${@:2}"
}

# Repeats a check until it succeeds. Its name is what is printed.
eventually() { # <check> <arguments ...>
  step="${1//_/ }"
  printf '%s ... ' "$step"
  for ((try = 1; try <= tries; try++)); do
    if "$@"; then
      echo ok
      return
    fi
    sleep "$pace"
  done
  echo
  return 1
}

# Prints the status. Header fields and body are in files.
request() { # <client key> <curl's options ...>
  curl --silent --show-error --max-time 10 --get --header @- --dump-header "$work/head" \
    --output "$work/body" --write-out '%{http_code}' "${@:2}" "$api" <<<"x-api-key: $1"
}

header() { # <name in lower case>
  tr -d '\r' <"$work/head" | awk -v name="$1:" 'tolower($1) == name { printf "%s", $2 }'
}

signature_of() { # <message>; as the upstream signs
  printf %s "$1" | openssl dgst -sha256 -hmac "$upstream_key" -r | cut -d ' ' -f 1
}

a_request_without_a_message_gets_400() {
  [[ $(request "$client_key") == 400 ]]
}

a_body_that_is_not_utf_8_gets_400() {
  printf '{"message":"\xff"}' >"$work/sent"
  [[ $(curl --silent --show-error --max-time 10 --header @- --header "Content-Type: application/json" \
    --data-binary "@$work/sent" --output "$work/body" --write-out '%{http_code}' "$api" <<<"x-api-key: $client_key") == \
    400 ]]
}

a_request_with_a_wrong_key_gets_401() {
  [[ $(request "wrong-$client_key" --data-urlencode message=hello) == 401 ]]
}

a_message_is_signed() {
  local message="hello $RANDOM$RANDOM"
  [[ $(request "$client_key" --data-urlencode "message=$message") == 200 && $(header x-sign-status) == signed &&
    $(jq -r .data "$work/body") == "$(signature_of "$message")" ]]
}

a_job_is_queued() { # <callback URL>
  local message
  message="not before $(($(date +%s) + 2 * pace))"
  signature=$(signature_of "$message")
  [[ $(request "$client_key" --data-urlencode "message=$message" --data-urlencode "callback_url=$1") == 200 &&
    $(header x-sign-status) == queued ]] && job=$(header x-request-id)
}

its_callback_arrives_with_a_valid_signature() {
  local hex signed
  aws sqs receive-message --queue-url "$inbox" --max-number-of-messages 10 --wait-time-seconds "$pace" \
    --visibility-timeout 0 --query 'Messages[].Body' --output json >"$work/inbox" || return 1
  jq --exit-status --arg job "$job" 'map(fromjson | select(.id == $job))[0]' "$work/inbox" >"$work/callback" \
    2>/dev/null || return 1
  hex=$(printf %s "$callback_key" | openssl base64 -d -A | od -An -tx1 -v | tr -d ' \n')
  signed=$(jq -j '"\(.id).\(.timestamp).\(.body)"' "$work/callback" |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$hex" -binary | openssl base64 -A)
  [[ " $(jq -r .signature "$work/callback") " == *" v1,$signed "* &&
    $(jq -r '.body | fromjson | .data' "$work/callback") == "$signature" ]]
}

record_of_the_job() {
  curl --silent --show-error --max-time 10 --header @- "${api%/sign}/jobs/$job" <<<"x-api-key: $client_key"
}

its_record_says_delivered() {
  record_of_the_job | jq --exit-status --arg signature "$signature" \
    '.data | .status == "delivered" and .signature == $signature' >/dev/null 2>&1
}

a_job_without_a_callback_is_queued() {
  local message
  message="not before $(($(date +%s) + 2 * pace))"
  signature=$(signature_of "$message")
  [[ $(request "$client_key" --header "Prefer: respond-async" --data-urlencode "message=$message") == 202 &&
    $(header location) == "/crypto/jobs/$(header x-request-id)" ]] && job=$(header x-request-id)
}

its_record_has_the_signature() {
  record_of_the_job | jq --exit-status --arg signature "$signature" \
    '.data | .status == "signed" and .signature == $signature' >/dev/null 2>&1
}

its_dead_letter_says_callback_gone() {
  aws sqs receive-message --queue-url "$(output_of "$stack" DeadLetterQueueUrl)" --message-attribute-names All \
    --max-number-of-messages 10 --wait-time-seconds "$pace" --visibility-timeout 0 --output json \
    --query 'Messages[].MessageAttributes.[jobId.StringValue, reason.StringValue]' |
    jq --exit-status --arg job "$job" 'any(. == [$job, "callback-gone"])' >/dev/null 2>&1
}

a_metric_is_in_cloudwatch() { # <function>
  local sum
  sum=$(aws cloudwatch get-metric-statistics --namespace SignRelay --metric-name Signed --statistics Sum --period 60 \
    --dimensions "Name=FunctionName,Value=$1" --start-time "$started" --end-time "$(date -u +%FT%TZ)" \
    --query 'sum(Datapoints[].Sum)' --output text)
  [[ $sum =~ ^[1-9] ]]
}

# CloudWatch tells nobody that it could not notify a topic, but notes it.
the_alarm_reaches_the_topic() { # <alarm>
  [[ $(aws cloudwatch describe-alarm-history --alarm-name "$1" --history-item-type Action --output json |
    jq -r '.AlarmHistoryItems | max_by(.Timestamp).HistorySummary') == "Successfully executed action $topic"* ]]
}

the_receiver_is_back() { (($(date +%s) > gone_until)); }

the_redriven_job_is_delivered() { its_callback_arrives_with_a_valid_signature; }

a_message_is_signed_with_the_rotated_key() { a_message_is_signed; }

the_update_is_complete() {
  [[ $(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text) == \
    UPDATE_COMPLETE ]]
}

a_message_is_signed_by_the_new_version() { a_message_is_signed; }

all_calls_of_a_minute_are_free() { (($(date +%s) > free_at)); }

# Ten calls at once start nine environments of the upstream's function, which answer too late. A call without the key
# starts one as well.
warm_the_upstream() {
  for ((i = 0; i < 30; i++)); do
    curl --silent --max-time 10 --output "$work/warm" "$upstream/crypto/sign?message=warm" &
  done
  wait
}

request_of_a_burst() { # <number>; prints the id of the job, or "signed"
  local work="$work/$1"
  mkdir "$work"
  [[ $(request "$client_key" --data-urlencode "message=burst $1" --data-urlencode "callback_url=$upstream/inbox") == \
    200 ]] || { echo failed && return; }
  if [[ $(header x-sign-status) == signed ]]; then echo signed; else header x-request-id && echo; fi
}

send_a_burst() { # <requests> <upstream calls a minute>; writes the ids of the jobs
  for ((i = 1; i <= $1; i++)); do
    request_of_a_burst "$i" >"$work/id-$i" &
  done
  wait
  cat "$work"/id-* | grep -vx signed >"$work/burst" || true
  ! grep -qx failed "$work/burst" && (($(wc -l <"$work/burst") >= $1 - $2))
}

all_callbacks_of_the_burst_arrive() {
  aws sqs receive-message --queue-url "$inbox" --max-number-of-messages 10 --wait-time-seconds "$pace" \
    --visibility-timeout 600 --query 'Messages[].Body' --output json |
    jq --raw-output '.[]? | fromjson | "\(.id) \(.timestamp)"' >>"$work/arrived"
  cut -d ' ' -f 1 "$work/arrived" | grep -vxFf - "$work/burst" >"$work/missing" || true
  [[ ! -s "$work/missing" ]]
}

at_least_90_percent_of_the_rate_were_used() { # <shortest time in seconds>
  local last
  last=$(cut -d ' ' -f 2 "$work/arrived" | sort -n | tail -n 1)
  printf '%s s, of which %s s are due to the limit ... ' "$((last - burst_sent))" "$1"
  (((last - burst_sent) * 90 <= $1 * 100))
}

# What the stacks keep when they are deleted: queues and log groups.
delete_resource() { # <type> <id>
  case $1 in
    AWS::SQS::Queue) aws sqs delete-queue --queue-url "$2" ;;
    AWS::Logs::LogGroup) aws logs delete-log-group --log-group-name "$2" ;;
  esac 2>"$work/error" || grep -q 'does not exist' "$work/error"
}

delete_everything() {
  local status=$? name resources
  trap - EXIT
  trap '' INT TERM
  set +e
  ((status == 0)) || echo "FAILED: $step" >&2
  echo "Deleting $stack"
  for name in "$stack" "$stack-upstream"; do
    resources=$(aws cloudformation list-stack-resources --stack-name "$name" --output text \
      --query 'StackResourceSummaries[].[ResourceType, PhysicalResourceId]' 2>/dev/null)
    sam delete --no-prompts --stack-name "$name" --region "$AWS_REGION" >"$work/delete" 2>&1 ||
      { cat "$work/delete" >&2 && echo "NOT DELETED: stack $name" >&2 && status=1; }
    while IFS=$'\t' read -r type id; do
      delete_resource "$type" "$id" || { cat "$work/error" >&2 && echo "NOT DELETED: $id" >&2 && status=1; }
    done <<<"$resources"
  done
  for name in upstream-key callback-signing client-keys; do
    # Reports no error if the secret does not exist.
    aws secretsmanager delete-secret --secret-id "$stack/$name" --force-delete-without-recovery >/dev/null ||
      { echo "NOT DELETED: secret $stack/$name" >&2 && status=1; }
  done
  rm -r "$work"
  echo "$((SECONDS / 60)) min. Costs about \$0.05: metrics, alarms, the dashboard and secrets are billed by the hour."
  ((status != 0)) || echo "Passed."
  exit "$status"
}
trap delete_everything EXIT
trap 'exit 130' INT TERM

step="sam build"
sam build

step="create the secrets"
upstream_secret=$(create_secret upstream-key "$upstream_key")
callback_secret=$(create_secret callback-signing "whsec_$callback_key")
client_secret=$(create_secret client-keys "smoke:$client_key")

step="deploy the upstream and the receiver"
deploy "$stack-upstream" --template-file deploy/smoke-upstream.yaml --parameter-overrides "KeySecret=$upstream_secret"
upstream=$(output_of "$stack-upstream" BaseUrl)
inbox=$(output_of "$stack-upstream" InboxUrl)

step="deploy SignRelay"
deploy_signrelay 60
api=$(output_of "$stack" ApiUrl)

eventually a_request_without_a_message_gets_400
eventually a_body_that_is_not_utf_8_gets_400
eventually a_request_with_a_wrong_key_gets_401
eventually a_message_is_signed

eventually a_job_is_queued "$upstream/inbox"
eventually its_callback_arrives_with_a_valid_signature
eventually its_record_says_delivered

eventually a_job_without_a_callback_is_queued
eventually its_record_has_the_signature

gone_until=$(($(date +%s) + 24 * pace)) # long enough for its first delivery
eventually a_job_is_queued "$upstream/inbox?gone_until=$gone_until"
eventually its_dead_letter_says_callback_gone

step="find SignFunction"
function=$(id_of SignFunction)
eventually a_metric_is_in_cloudwatch "$function"

if [[ $topic ]]; then
  step="raise an alarm"
  alarm=$(id_of KeyRefusedAlarm)
  aws cloudwatch set-alarm-state --alarm-name "$alarm" --state-value ALARM --state-reason "smoke test"
  eventually the_alarm_reaches_the_topic "$alarm"
fi

eventually the_receiver_is_back
step="redrive the dead letter"
aws sqs start-message-move-task --source-arn "$(output_of "$stack" DeadLetterQueueArn)" \
  --destination-arn "$(output_of "$stack" RetryQueueArn)" >/dev/null
eventually the_redriven_job_is_delivered

step="rotate the upstream key"
upstream_key=$(openssl rand -hex 32)
printf %s "$upstream_key" |
  aws secretsmanager put-secret-value --secret-id "$upstream_secret" --secret-string file:///dev/stdin >/dev/null
eventually a_message_is_signed_with_the_rotated_key

step="build an update"
sam build
step="deploy the update gradually"
deploy_signrelay 10 RetryMaxAttempts=19
eventually the_update_is_complete
eventually a_message_is_signed_by_the_new_version

free_at=$(($(date +%s) + 13 * pace))
eventually all_calls_of_a_minute_are_free
step="send a burst"
warm_the_upstream
burst_sent=$(date +%s)
send_a_burst 30 10 # ten are called at once, ten after a minute, ten after two
eventually all_callbacks_of_the_burst_arrive
step="at least 90 percent of the rate were used"
printf '%s ... ' "$step"
at_least_90_percent_of_the_rate_were_used 120
echo ok
