#!/usr/bin/env bash
# Two members talk through curl: what each posts, what each sees, and the audit rows of it; then an export of the audit
# log is checked, and checked again with one byte changed. Makes an installation of its own and removes it.
# usage: test/demo/two-people.sh        after make build
set -euo pipefail
cd "$(dirname "$0")/../.."

dir=$(mktemp -d build/two-people-XXXXXX)
chmod 711 "$dir"
server=
trap '[ -z "$server" ] || { kill -TERM $server 2>/dev/null || true; wait $server 2>/dev/null || true; }; rm -rf "$dir"' EXIT
ctl() { build/engawactl --data "$dir" --json "$@"; }
pick() { node -e 'let v = JSON.parse(require("fs").readFileSync(0, "utf8")); for (const k of process.argv.slice(1)) v = v[k]; process.stdout.write(String(v))' "$@"; }

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { process.stdout.write(String(s.address().port)); s.close(); })')
origin=https://localhost:$port
tool/devca "$dir/tls" >/dev/null
ctl init --listen "127.0.0.1:$port" --origin "$origin" --tls-certificate tls/server.crt --tls-key tls/server.key --edges 1 >/dev/null
echo 'terms_version = none' >> "$dir/engawa.conf"
build/engawad --data "$dir" 2>"$dir/log.txt" &
server=$!
for _ in $(seq 300); do
    ctl health >/dev/null 2>&1 && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    kill -0 $server || { cat "$dir/log.txt" >&2; exit 1; }
    sleep 0.1
done

secret='engawa no hidamari'
ctl tenant open --workgroup hiyodori --company 株式会社ひよどり製パン --login kashiwagi --family 柏木 --given 修一 \
    --password-file - <<<"$secret" >/dev/null
mayu=$(ctl member add --tenant hiyodori --login morishita --family 森下 --given 真由 --password-file - <<<"$secret" | pick id)
satsuki=$(ctl member add --tenant hiyodori --login yanagi --family 柳 --given さつき --password-file - <<<"$secret" | pick id)
room=$(ctl room add --tenant hiyodori --name 大船店 --members "$mayu,$satsuki" | pick id)

# Speaks as a browser does: own origin, the mark of our client, one cookie jar a person.
call() {
    local who=$1 method=$2 path=$3 body=${4:-}
    curl -sS --fail-with-body --cacert "$dir/tls/ca.crt" --cookie "$dir/$who" --cookie-jar "$dir/$who" -X "$method" \
        -H "Origin: $origin" -H 'X-Engawa: 1' ${body:+-H 'Content-Type: application/json' --data "$body"} "$origin$path"
}
sign_in() { call "$1" POST /w/hiyodori/session "{\"id\":\"$1\",\"password\":\"$secret\",\"client\":\"web\"}" | pick tenant; }
tenant=$(sign_in morishita)
sign_in yanagi >/dev/null
sign_in kashiwagi >/dev/null
key() { node -e 'const t = Date.now().toString(16).padStart(12, "0"), r = require("crypto").randomBytes(10).toString("hex"); process.stdout.write(`${t.slice(0, 8)}-${t.slice(8)}-7${r.slice(0, 3)}-8${r.slice(3, 6)}-${r.slice(6, 18)}`)'; }
post() { call "$1" POST "/t/$tenant/rooms/$room/messages" "{\"key\":\"$(key)\",\"text\":\"$2\"}" >/dev/null; }
show() {
    echo "== what $1 sees"
    call "$1" GET "/t/$tenant/rooms/$room/messages" | node -e '
        const { messages } = JSON.parse(require("fs").readFileSync(0, "utf8"));
        for (const m of messages.reverse()) console.log(`  ${m.seq}  ${m.author === process.argv[1] ? "me  " : "them"}  ${m.text}`)' "$2"
}

post morishita 'おはようございます。冷蔵庫2番、見てもらえますか。'
post yanagi '3℃まで下がりました。'
post morishita 'よかった。ありがとう!'
show morishita "$mayu"
show yanagi "$satsuki"

echo "== the audit rows, as the console shows them"
call kashiwagi POST "/t/$tenant/console/session" "{\"password\":\"$secret\"}" >/dev/null
call kashiwagi GET "/t/$tenant/console/audit" | node -e '
    const { rows } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const r of rows.reverse()) console.log(`  ${String(r.seq).padStart(2)}  ${r.time}  ${r.act.padEnd(16)} ${r.result.padEnd(4)} ${r.actor_name}`)'

echo "== the export, as it is and with one byte changed"
build/engawactl --data "$dir" audit export --tenant hiyodori >"$dir/audit.txt"
public=$(ctl audit key | pick key)
build/auditverify --key "$public" "$dir/audit.txt"
sed '9s/ ok / no /' "$dir/audit.txt" >"$dir/changed.txt"
if build/auditverify --key "$public" "$dir/changed.txt"; then
    echo "two-people: the change was not seen" >&2
    exit 1
fi
