#!/bin/sh
# Prints articles as JSON and acknowledges each, with redis-cli (7.0 or newer) alone, until Ctrl-C.
#
#   sh examples/redis-cli.sh | jq -r .title            # the wire of `nabaa run` in this folder
#   sh examples/redis-cli.sh -h HOST -p PORT | jq -r .title
#
# GROUP and NAME may be set: a second one that runs at the same time needs another name.
set -u
stream='nabaa:{0}:articles' group=${GROUP:-shell} name=${NAME:-$(hostname)}
[ $# -gt 0 ] || set -- -s data/valkey.sock

from=0 # first what this name was given before and did not acknowledge, then what is new
while :; do
    if ! answer=$(redis-cli -e --json "$@" XREADGROUP GROUP "$group" "$name" COUNT 1 BLOCK 2000 \
        STREAMS "$stream" "$from" 2>&1); then
        case $answer in
            *NOGROUP*) redis-cli "$@" XGROUP CREATE "$stream" "$group" 0 MKSTREAM >/dev/null ;;
            *) echo "$answer" >&2 && sleep 1 ;; # Redis is away
        esac
        from=0
        continue
    fi
    id=$(printf %s "$answer" | grep -o '[0-9]\{13\}-[0-9]*' | head -n 1)
    if [ -z "$id" ]; then
        from='>'
        continue
    fi
    # Empty where it was trimmed; a failure leaves it unacknowledged.
    article=$(redis-cli -e --raw "$@" XRANGE "$stream" "$id" "$id") || { from=0; continue; }
    [ -z "$article" ] || printf '%s\n' "$article" | tail -n 1 || exit
    redis-cli -e "$@" XACK "$stream" "$group" "$id" >/dev/null || from=0
done
