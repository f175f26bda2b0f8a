#!/bin/sh
# The tests look at pages in a real browser, and at the weekly digest under another clock; pictures
# of what people write in Chinese and in emoji need their fonts, or they show boxes.
# Where apt and root are at hand this installs them; elsewhere it says what is missing.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v faketime >/dev/null 2>&1 || missing="$missing faketime"
command -v fc-list >/dev/null 2>&1 || missing="$missing fontconfig"
has_font() { [ -n "$(fc-list "$1" 2>/dev/null)" ]; }
has_font ":lang=zh-cn" || missing="$missing fonts-noto-cjk"
has_font ":lang=und-zsye" || missing="$missing fonts-noto-color-emoji"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Some tests and pictures need:$missing. Install it, or they are skipped." >&2
fi
