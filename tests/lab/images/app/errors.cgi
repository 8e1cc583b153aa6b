#!/bin/sh
# The front page of a version that fails: about one of ERRORS requests is answered with 500.
[ $((RANDOM % ERRORS)) != 0 ] || printf 'Status: 500 Internal Server Error\r\n'
printf 'Content-Type: text/plain\r\n\r\n%s %s\n' "$APP_VERSION" "$(hostname)"
