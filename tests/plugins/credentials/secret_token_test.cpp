#include <random>

#include "plugin/secret_text.hpp"
#include "plugin/secret_token.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr const char* k_base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr const char* k_hex = "0123456789abcdef";

// The same on every run; no token of anybody.
std::string made(std::size_t length, std::string_view letters = k_base62) {
    static std::mt19937 generator(1954);
    std::string out;
    while (out.size() < length) out += letters[generator() % letters.size()];
    return out;
}

// A pattern: {n} stands for n letters and digits, {nx} for hexadecimal ones, {nd} for decimal, {nU} for large ones.
std::string filled(std::string_view pattern) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '{') {
            out += pattern[at];
            continue;
        }
        const auto end = pattern.find('}', at);
        const auto length = static_cast<std::size_t>(std::stoi(std::string(pattern.substr(at + 1, end - at - 1))));
        const char kind = pattern[end - 1];
        out += made(length, kind == 'x' ? k_hex : kind == 'd' ? "123456789" : kind == 'U' ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" : k_base62);
        at = end;
    }
    return out;
}

std::string hidden(const std::string& raw) {
    std::string out;
    std::size_t done = 0;
    for (const auto& span : plugin::secret_spans(raw)) {
        out += raw.substr(done, span.start - done) + "*";
        done = span.start + span.length;
    }
    return out + raw.substr(done);
}

}  // namespace

class SecretTokenTest : public QObject {
    Q_OBJECT
private slots:
    // Each form in a script's text, on a command line and in a request.
    void issued_tokens_are_hidden_data() {
        QTest::addColumn<QByteArray>("pattern");
        for (const char* pattern :
             {"AKIA{16U}", "ghp_{36}", "github_pat_11{20}_{59}", "glpat-{20}", "GR1348941{20}", "xoxb-{12d}-{13d}-{24}", "xoxd-{60}", "xapp-1-A{10}-{13d}-{64x}", "sk_live_{24}", "whsec_{32}", "AIza{35}", "ya29.{60}",
              "GOCSPX-{28}", "dop_v1_{64x}", "HRKU-{36}", "npm_{36}", "pypi-AgEIcHlwaS5vcmc{70}", "dckr_pat_{27}", "hf_{34}", "sk-proj-{48}", "sk-ant-api03-{80}", "sk-{48}", "gsk_{52}", "pplx-{48}", "xai-{80}",
              "{10d}:AA{33}", "{8d}:{35}", "SG.{22}.{43}", "key-{32x}", "xkeysib-{64x}-{16}", "re_{8}_{24}", "{32x}-us14", "SK{32x}", "shpat_{32x}", "hvs.CAESI{80}", "tskey-auth-k{16}CNTRL-{32}", "nfp_{36}",
              "vercel_blob_rw_{30}", "fm2_{60}", "pk_{8d}_{32U}", "sbp_{40x}", "sb_secret_{32}", "glsa_{32}_{8x}", "sntrys_{60}", "NRAK-{27U}", "dapi{32x}", "PMAK-{24x}-{34x}", "lin_api_{40}", "ATATT3xFfGF0{60}", "ATBB{32}",
              "sq0atp-{22}", "dp.pt.{43}", "pul-{40x}", "rubygems_{48x}", "pscale_tkn_{43}", "figd_{40}", "r8_{37}", "nvapi-{64}", "SWMTKN-1-{50}-{25}", "K10{64x}::server:{32x}", "syt_{30}_{20}", "apify_api_{36}",
              "ab18Q~{34}", "{27}_{21}", "anyone_live_{32}", "acme-{40}", "zz.cc.{43}"})
            QTest::newRow(pattern) << QByteArray(pattern);
    }
    void issued_tokens_are_hidden() {
        QFETCH(QByteArray, pattern);
        const auto token = filled(pattern.toStdString());
        for (const std::string& around : {std::string("$c='@'; eval($_POST['x'].'@');"), std::string("curl -H 'X-T: @' -T a https://h.example/@"), std::string("GET /x.php/@?tok=@&n=1 HTTP/1.1\" 200 5 \"https://h/?x=@\" \"agent @\""), std::string("@")}) {
            std::string text;
            for (const char c : around) text += c == '@' ? token : std::string(1, c);
            const auto shown = hidden(text);
            QVERIFY2(shown.find(token) == std::string::npos, (text + "\n" + shown).c_str());
            QVERIFY2(shown.find(token.substr(token.size() / 3)) == std::string::npos, (text + "\n" + shown).c_str());
        }
    }

    void schemes_data() {
        QTest::addColumn<QByteArray>("pattern");
        for (const char* pattern : {"SSWS 00{40}", "GenieKey {8x}-{4x}-{4x}-{4x}-{12x}", "FlyV1 fm2_{60}", "Bearer {40}", "ApiKey {40}"}) QTest::newRow(pattern) << QByteArray(pattern);
    }
    void schemes() {
        QFETCH(QByteArray, pattern);
        const auto token = filled(pattern.toStdString());
        const auto secret = token.substr(token.find(' ') + 1);
        auto path = token;
        path.replace(path.find(' '), 1, "%20");
        for (const std::string& text : {"GET /t.php/" + path + " HTTP/1.1", "curl https://h.example/" + path, "$c='" + token + "';", "curl -H 'X-T: " + token + "' https://h", "Authorization: " + token}) QVERIFY2(hidden(text).find(secret) == std::string::npos, hidden(text).c_str());
    }

    void keys_of_bytes_are_hidden() {
        const std::string key = made(42) + "k=", slash = "/" + made(41) + "3=", storage = made(85) + "a==";
        for (const auto& one : {key, slash, storage}) {
            QCOMPARE(QByteArray::fromStdString(hidden("$k = '" + one + "';")), QByteArray("$k = '*';"));
            QCOMPARE(QByteArray::fromStdString(hidden("wg set wg0 " + one + " x")), QByteArray("wg set wg0 * x"));
        }
    }

    // What is evidence stays readable.
    void evidence_stays_data() {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const std::string& text) { QTest::newRow(name) << QByteArray::fromStdString(text); };
        row("digest", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  /usr/bin/x");
        row("digest with its name", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        row("digest in base64", "integrity=\"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"");
        row("fingerprint", "RSA SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
        row("public key of WireGuard", "PublicKey = 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        row("commit", "commit 632a8c54d2c1f0a9b8e7d6c5b4a3f2e1d0c9b8a7");
        row("commit in a name", "app-632a8c54d2c1f0a9b8e7d6c5b4a3f2e1d0c9b8a7.tar.gz");
        row("uuid", "UUID=0f3a1b2c-4d5e-6f70-8192-a3b4c5d6e7f8 / ext4");
        row("container", "docker-3f4e5d6c7b8a99887766554433221100ffeeddccbbaa99887766554433221100.scope");
        row("private folder", "/tmp/systemd-private-0123456789abcdef0123456789abcdef-apache2.service-Xy12Ab/tmp");
        row("payload", "eval(base64_decode('ZXZhbCgkX1BPU1RbJ2NtZCddKTsgc3lzdGVtKCRfR0VUWyd4J10pOw=='));");
        row("payload of 44", "$x = 'ZWNobyBzaGVsbF9leGVjKCRfR0VUWydjbWQnXSk7IA=='; $y='QHN5c3RlbSgkX1BPU1RbInB3biJdKTsgLy8gaGVsbG8gdw=';");
        row("packed payload", "eval(gzinflate(base64_decode('S0lNyUzUUMlOrTTUtOYFAA1qAqk1bWx0aXBseSBmb28xMjM=')))");
        row("long name", "wp-content/plugins/woocommerce-gateway-stripe-2024-release-candidate-3.php");
        row("class", "Symfony_Component_HttpKernel_EventListener_AbstractSessionListener2");
        row("camels", "my-AbstractControllerFactoryBuilder2ImplementationBase.java");
        row("mangled", "_ZNSt6vectorIiSaIiEE9push_backEOi _RNvCs1234_7mycrate3foo");
        row("version", "linux-image-6.1.0-18-amd64 6.1.76-1+deb12u1; nginx_1.22.1-9+deb12u4_amd64.deb");
        row("time and port", "12345678:30 10.0.0.1:65535 2026-03-02T04:10:01.123456789+01:00 1772424667:1772424999");
        row("npm's variables", "npm_package_devDependencies_eslint_config_standard=1");
        row("agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36");
        row("miner", "./xmrig -o stratum+tcp://pool.example:3333 -u 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A.w1 -p x");
        row("onion", "http://duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion/x");
        row("ssh key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsABgH5C9okWi0dh2l9GKJl anna@host");
        row("request headers", "curl -H 'Host: web-0001.internal-network-2.example.org' -H 'Accept-Language: de-DE,de;q=0.9' -H 'X-Forwarded-For: 2001:db8:0000:0000:0000:0000:0000:0001' https://h");
        row("process substitution", "diff <(sort a) <(echo b); cat <(echo hello); comm -12 --output-delimiter=<(echo x) a b");
        row("echo", "x=$(echo hello); echo $(date); MSG=$(printf 'done 1')");
    }
    void evidence_stays() {
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(hidden(text.toStdString())), text);
    }

    // What is secret stands in braces.
    void printed_secrets_data() {
        QTest::addColumn<QByteArray>("marked");
        for (const char* line : {"rsync -a x u@h:/ --password-file=<(echo {Geheim77})", "rsync -a x --password-file <(printf '%s' '{Geh eim7}') h::m", "curl -K <(echo 'user=u:{Geheim77}') -T a https://h", "curl --config <(echo \"user = u:{Geheim77}\") https://h",
                                 "restic -r x --password-command 'echo {Geheim77}' backup /", "restic --password-command=\"echo {Geheim77}\" backup /", "RESTIC_PASSWORD_COMMAND='echo {Geheim77}' restic backup /", "BORG_PASSCOMMAND=\"echo {Geheim77}\" borg create x",
                                 "passwordeval=\"echo {Geheim77}\"", "SSHPASS={Geheim77} sshpass -e ssh u@h", "sshpass -f <(echo {Geheim77}) ssh h", "PGPASSWORD=$(echo {Geheim77}) psql x", "mysql -u root -p$(echo {Geheim77}) x", "export TOKEN=`echo {Geheim77}`",
                                 "AWS_SECRET_ACCESS_KEY={abcDEF123456ghi} aws s3 cp a s3://b", "ansible-playbook --vault-password-file <(echo {Geheim77}) x.yml", "cryptsetup open --key-file <(echo {Geheim77}) /dev/x y", "wg set wg0 private-key <(echo {Geheim77})",
                                 "curl -H 'X-T: {dbe255e70befbe9649b982806f1e0294}' https://h", "anna:1000:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:{BD1D6854575622F856469602D1BA9F20}:[U  ]:", "a@b:{PLAIN}{Geheim77}:::",
                                 "password_pbkdf2 root {grub.pbkdf2.sha512.10000.398003680E7E3B35183EF8333C4774EC50CD1C1BAC7ADAC1}"})
            QTest::newRow(line) << QByteArray(line);
    }
    void printed_secrets() {
        QFETCH(QByteArray, marked);
        QByteArray raw = marked, shown;
        raw.replace("{PLAIN}", "\x01").replace('{', "").replace('}', "").replace("\x01", "{PLAIN}");
        std::size_t done = 0;
        const auto text = raw.toStdString();
        for (const auto& span : plugin::secret_spans(text)) {
            shown += QByteArray::fromStdString(text.substr(done, span.start - done) + "{" + text.substr(span.start, span.length) + "}");
            done = span.start + span.length;
        }
        QCOMPARE(shown + QByteArray::fromStdString(text.substr(done)), marked);
    }

    // What a reader keeps of a line holds a secret whole or not at all.
    void pieces_are_whole_data() {
        QTest::addColumn<QByteArray>("token");
        for (const char* pattern : {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{40}.{43}", "xapp-1-A{10}-{13d}-{64x}", "ghp_{36}", "{64}", "Geheim77+Satz/x=", "hvs.{700}"}) QTest::newRow(pattern) << QByteArray::fromStdString(filled(pattern));
    }
    void pieces_are_whole() {
        QFETCH(QByteArray, token);
        const auto text = std::string(200, ' ') + "\n<?php $c='" + token.toStdString() + "'; eval($_POST['x']); // " + token.toStdString() + "\n" + std::string(200, '#');
        const auto first = text.find(token.toStdString()), second = text.find(token.toStdString(), first + 1);
        for (std::size_t start = first - 5; start < second + static_cast<std::size_t>(token.size()); ++start) {
            const auto piece = plugin::whole_secrets(text, start, 40);
            QVERIFY(piece.start <= start && piece.start + piece.length >= start + 40);
            for (const auto at : {first, second}) {
                const auto end = at + static_cast<std::size_t>(token.size());
                const bool whole = piece.start <= at && piece.start + piece.length >= end, apart = piece.start + piece.length <= at || piece.start >= end;
                QVERIFY2(whole || apart, qPrintable(QString::number(start)));
            }
        }
        QCOMPARE(plugin::whole_secrets(text, 50, 100).length, std::size_t{100});  // nothing there: as asked
        QCOMPARE(plugin::whole_secrets("ab", 7, 9).length, std::size_t{0});
    }

    // Readers cut at a length: the beginning of a token at the end of a long text is one.
    void cut_tokens_are_hidden() {
        const auto token = "ghp_" + made(36);
        const auto text = std::string(240, ' ') + "x=1 '" + token.substr(0, 14);
        QVERIFY(hidden(text).find(token.substr(0, 12)) == std::string::npos);
        QVERIFY(hidden("short " + token.substr(0, 14)).find(token.substr(0, 14)) != std::string::npos);
    }
};
DEADBOX_TEST(SecretTokenTest)
#include "secret_token_test.moc"
