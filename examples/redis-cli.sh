#!/bin/sh
# Prints articles as JSON and acknowledges them, with redis-cli alone, until there are no more.
#
#   sh examples/redis-cli.sh [-s SOCKET | -h HOST -p PORT] | jq -r .title
set -eu
stream='nabaa:{0}:articles' group=shell me="$(hostname)"

redis-cli "$@" XGROUP CREATE "$stream" "$group" 0 MKSTREAM >/dev/null 2>&1 || true
while :; do
    answer=$(redis-cli --json "$@" XREADGROUP GROUP "$group" "$me" COUNT 1 STREAMS "$stream" '>')
    [ "$answer" != null ] && [ -n "$answer" ] || break
    id=$(printf %s "$answer" | grep -o '[0-9]\{13\}-[0-9]*' | head -n 1)
    redis-cli "$@" --raw XRANGE "$stream" "$id" "$id" | tail -n 1
    redis-cli "$@" XACK "$stream" "$group" "$id" >/dev/null
done
