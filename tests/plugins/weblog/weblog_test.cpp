#include <QDateTime>

#include <algorithm>

#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"
#include "weblog/layout.hpp"

using namespace deadbox;

namespace {

test::RecordingSink read_access_log(const QByteArray& text, const QByteArray& format = {}) {
    test::RecordingSink sink;
    const test::MemoryFile file("/var/log/apache2/access.log", text.toStdString());
    plugin::Parameters parameters;
    if (!format.isEmpty()) parameters.emplace_back("format", format.toStdString());
    if (!plugin::find_parser("access_log")->parse(file, parameters, sink)) throw std::runtime_error("the parser failed");
    return sink;
}

QString access_event(const test::RecordedEvent& event) {
    QString text = QString::fromStdString(base::to_rfc3339(event.time)).left(19) + " " + QString::fromStdString(event.address.empty() ? "-" : event.address);
    const auto add = [&](const char* name) {
        const auto found = event.attributes.find(name);
        text += " " + (found == event.attributes.end() ? QString("-") : QString::fromStdString(found->second.as_text()));
    };
    for (const char* name : {"method", "url", "status", "bytes"}) add(name);
    if (!event.user.empty()) text += " user=" + QString::fromStdString(event.user);
    for (const char* name : {"site", "referer", "agent"})
        if (const auto found = event.attributes.find(name); found != event.attributes.end()) text += QString(" %1=%2").arg(name, QString::fromStdString(found->second.as_text()));
    return text;
}

}  // namespace

class WeblogTest : public QObject {
    Q_OBJECT
private slots:
    void lines_data() {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("event");  // "" where it is none
        const auto row = [](const char* name, const char* format, const char* line, const char* event) { QTest::newRow(name) << QByteArray(format) << QByteArray(line) << QString(event); };
        const char* common = "203.0.113.7 - - [02/Mar/2026:04:10:51 +0100] \"GET /a?b=c HTTP/1.1\" 200 512";
        row("common by form", "", common, "2026-03-02T03:10:51 203.0.113.7 GET /a?b=c 200 512");
        row("common", "common", common, "2026-03-02T03:10:51 203.0.113.7 GET /a?b=c 200 512");
        const char* combined = "203.0.113.7 - bob [02/Mar/2026:04:10:51 +0000] \"POST /x.php HTTP/1.1\" 404 - \"-\" \"curl \\\"7\\\"\"";
        row("combined by form", "", combined, "2026-03-02T04:10:51 203.0.113.7 POST /x.php 404 - user=bob agent=curl \\\"7\\\"");
        row("combined", "combined", combined, "2026-03-02T04:10:51 203.0.113.7 POST /x.php 404 - user=bob agent=curl \\\"7\\\"");
        row("with the site in front, by form", "", "shop.example.org:443 2001:db8::1 - - [02/Mar/2026:04:10:51 +0000] \"GET / HTTP/2.0\" 200 5 \"android-app:x\" \"x\"",
            "2026-03-02T04:10:51 2001:db8::1 GET / 200 5 site=shop.example.org referer=android-app:x agent=x");
        row("with the site in front", "vhost_combined", "shop.example.org:443 2001:db8::1 - - [02/Mar/2026:04:10:51 +0000] \"GET / HTTP/2.0\" 200 5 \"android-app:x\" \"x\"",
            "2026-03-02T04:10:51 2001:db8::1 GET / 200 5 site=shop.example.org referer=android-app:x agent=x");
        row("nginx of its own, bare time", "$time_local|$remote_addr|$host|$request|$status|$body_bytes_sent", "02/Mar/2026:04:10:51 +0000|203.0.113.7|a.example|GET / HTTP/1.1|301|0", "2026-03-02T04:10:51 203.0.113.7 GET / 301 0 site=a.example");
        row("nginx behind a proxy", "$remote_addr - [$time_iso8601] \"$request_method $request_uri\" $status $bytes_sent \"$http_x_forwarded_for\" $request_time",
            "10.0.0.1 - [2026-03-02T04:10:51+01:00] \"GET /q?x=1\" 200 77 \"203.0.113.7, 10.0.0.2\" 0.004", "2026-03-02T03:10:51 203.0.113.7 GET /q?x=1 200 77");
        row("nginx JSON by its layout", "{\"t\":\"$msec\",\"ip\":\"$remote_addr\",\"r\":\"$request\",\"s\":$status,\"b\":$body_bytes_sent}", "{\"t\":\"1772424651.125\",\"ip\":\"203.0.113.7\",\"r\":\"GET / HTTP/1.1\",\"s\":200,\"b\":3}",
            "2026-03-02T04:10:51 203.0.113.7 GET / 200 3");
        row("Apache, own order", "%{%Y-%m-%dT%H:%M:%S%z}t %a %>s %B \"%m %U%q\" %D", "2026-03-02T04:10:51+0000 203.0.113.7 200 9 \"GET /a?b\" 1234", "2026-03-02T04:10:51 203.0.113.7 GET /a?b 200 9");
        row("a status for some only", "%h %l %u %t \"%r\" %>s %b \"%!200,304{Referer}i\"", "203.0.113.7 - - [02/Mar/2026:04:10:51 +0000] \"GET / HTTP/1.1\" 200 1 \"-\"", "2026-03-02T04:10:51 203.0.113.7 GET / 200 1");
        row("Caddy", "", "{\"level\":\"info\",\"ts\":1772424651.5,\"logger\":\"http.log.access\",\"request\":{\"remote_ip\":\"203.0.113.7\",\"method\":\"GET\",\"host\":\"a.example\",\"uri\":\"/x\",\"headers\":{\"User-Agent\":[\"curl/8\"]}},\"size\":12,\"status\":200}",
            "2026-03-02T04:10:51 203.0.113.7 GET /x 200 12 site=a.example agent=curl/8");
        row("the layout was changed", "common", "{\"ts\":1772424651,\"remote_addr\":\"203.0.113.7\",\"request\":\"GET /y HTTP/1.1\",\"status\":\"200\",\"body_bytes_sent\":\"4\"}", "2026-03-02T04:10:51 203.0.113.7 GET /y 200 4");
        row("no request at all", "", "203.0.113.7 - - [02/Mar/2026:04:10:51 +0000] \"\\x16\\x03\\x01\" 400 226 \"-\" \"-\"", "2026-03-02T04:10:51 203.0.113.7 - \\x16\\x03\\x01 400 226");
        row("a request with quotes in it", "combined", "203.0.113.7 - - [02/Mar/2026:04:10:51 +0000] \"GET /\\\"><script> HTTP/1.1\" 200 1 \"-\" \"-\"", "2026-03-02T04:10:51 203.0.113.7 GET /\\\"><script> 200 1");
        row("no request by the layout, decoded from its form", "%h %t %r", combined, "2026-03-02T04:10:51 203.0.113.7 POST /x.php 404 - user=bob agent=curl \\\"7\\\"");
        row("an error log", "", "[Mon Mar 02 04:10:51.123 2026] [php:error] [pid 4] PHP Fatal error", "");
        row("half a line", "combined", "203.0.113.7 - - [02/Mar/20", "");
        row("a month that is none", "", "203.0.113.7 - - [02/Foo/2026:04:10:51 +0000] \"GET / HTTP/1.1\" 200 1", "");
        row("binary", "combined", "\x01\xff\xfe{[\"", "");
    }
    void lines() {
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, line);
        QFETCH(QString, event);
        const auto sink = read_access_log(line + "\n", format);
        QCOMPARE(sink.events.empty() ? QString() : access_event(sink.events.front()), event);
        QCOMPARE(sink.gaps.size(), std::size_t{event.isEmpty() ? 1u : 0u});
    }

    // nginx with a layout of its own: local time without a zone, in the machine's zone where it is known.
    void local_times_data() {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QString>("utc");
        QTest::newRow("known") << QByteArray("CET-1CEST,M3.5.0,M10.5.0/3") << "2026-07-02T02:10:51";
        QTest::newRow("not known") << QByteArray() << "2026-07-02T04:10:51";
    }
    void local_times() {
        QFETCH(QByteArray, zone);
        QFETCH(QString, utc);
        test::RecordingSink sink;
        const test::MemoryFile file("/var/log/nginx/access.log", "2026-07-02T04:10:51|203.0.113.7|GET / HTTP/1.1|200|1\n");
        plugin::Parameters parameters{{"format", "$time_iso8601|$remote_addr|$request|$status|$body_bytes_sent"}};
        if (!zone.isEmpty()) parameters.emplace_back("timezone", zone.toStdString());
        QVERIFY(plugin::find_parser("access_log")->parse(file, parameters, sink).has_value());
        QCOMPARE(sink.events.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(base::to_rfc3339(sink.events[0].time)).left(19), utc);
        QCOMPARE(int(sink.events[0].assumptions), int(zone.isEmpty() ? plugin::assumed_zone : plugin::assumed_none));
        QCOMPARE(sink.gaps.size(), std::size_t(zone.isEmpty() ? 1 : 0));
    }

    void time_and_place_of_a_record() {
        const auto sink = read_access_log("x\n203.0.113.7 - - [02/Mar/2026:04:10:51.250 +0000] \"GET / HTTP/1.1\" 200 1\n");
        QCOMPARE(sink.events.size(), std::size_t{1});
        QCOMPARE(sink.events[0].offset, std::uint64_t{2});
        QCOMPARE(sink.events[0].line, std::uint64_t{2});
        QCOMPARE(sink.events[0].time.nanoseconds, 250'000'000u);
        QVERIFY(sink.events[0].precision == plugin::Precision::millisecond);
    }

    void uses() {
        QByteArray log;
        const auto line = [&](const char* address, const char* request, int status, int bytes, const char* referer = "-") {
            log += QByteArray(address) + " - - [02/Mar/2026:04:10:" + QByteArray::number(10 + log.count('\n')) + " +0000] \"" + request + " HTTP/1.1\" " + QByteArray::number(status) + " " + QByteArray::number(bytes) + " \"" + referer + "\" \"a\"\n";
        };
        line("203.0.113.1", "GET /up/x.php", 404, 9);  // a scanner's miss is not kept
        line("203.0.113.7", "POST /up/x.php/info?c=id", 200, 100);
        line("203.0.113.8", "GET /up//x%2ephp", 200, 50, "https://a.example/");
        line("203.0.113.9", "POST /hidden.php", 404, 0);
        line("203.0.113.9", "GET /shop.SQL?x", 200, 5000);
        line("203.0.113.9", "GET /index.html", 200, 5000);
        auto sink = read_access_log(log);
        QStringList got;
        for (auto& row : sink.rows["web_use"]) {
            QStringList text;
            for (const char* column : {"path", "kind", "requests", "posts", "answered", "without_referer", "bytes", "largest", "clients", "address", "line"}) text << QString::fromStdString(row[column].as_text());
            got << text.join(' ');
        }
        QCOMPARE(got, (QStringList{"/hidden.php script 1 1 0 0 0 0 0  4", "/shop.SQL data 1 0 1 1 5000 5000 1 203.0.113.9 5", "/up/x.php script 2 1 2 1 150 100 2 203.0.113.7 2"}));
        QCOMPARE(sink.rows["access_log_file"].at(0)["lines"].as_text(), std::string("6"));
        got.clear();
        for (auto& row : sink.rows["web_client"]) {
            QStringList text;
            for (const char* column : {"use", "address", "requests", "posts", "answered", "without_referer", "bytes", "largest", "line"}) text << QString::fromStdString(row[column].as_text());
            got << text.join(' ');
        }
        QCOMPARE(got, (QStringList{"1 203.0.113.9 1 1 0 0 0 0 4", "2 203.0.113.9 1 0 1 1 5000 5000 5", "3 203.0.113.7 1 1 1 1 100 100 2", "3 203.0.113.8 1 0 1 0 50 50 3"}));
    }

    // Of more clients than are kept, those who matter stay; and that others were there is told.
    void clients_of_one_path_data() {
        QTest::addColumn<int>("before");        // visitors, each once, before and after whoever matters
        QTest::addColumn<int>("after");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("times");
        QTest::addColumn<int>("bytes");         // of each of his answers; a visitor's have 2000
        QTest::addColumn<bool>("kept");
        QTest::newRow("few visitors") << 5 << 5 << QByteArray("GET") << 1 << 10 << true;
        QTest::newRow("who was first") << 0 << 3000 << QByteArray("GET") << 1 << 10 << true;
        QTest::newRow("who posts among hundreds") << 300 << 300 << QByteArray("POST") << 1 << 10 << true;
        QTest::newRow("who posts among thousands") << 3000 << 3000 << QByteArray("POST") << 1 << 10 << true;
        QTest::newRow("who had the longest answer among thousands") << 3000 << 3000 << QByteArray("GET") << 1 << 9000 << true;
        QTest::newRow("who comes again and again") << 300 << 300 << QByteArray("GET") << 40 << 10 << true;
        QTest::newRow("one visitor of thousands") << 3000 << 3000 << QByteArray("GET") << 1 << 10 << false;
    }
    void clients_of_one_path() {
        QFETCH(int, before);
        QFETCH(int, after);
        QFETCH(QByteArray, method);
        QFETCH(int, times);
        QFETCH(int, bytes);
        QFETCH(bool, kept);
        QByteArray log;
        int second = 0;
        const auto ask = [&](const QByteArray& address, const QByteArray& by, int length) {
            const auto at = QDateTime::fromSecsSinceEpoch(1'772'409'600 + second++, Qt::UTC);
            log += address + " - - [" + at.toString("dd/MMM/yyyy:HH:mm:ss").toLatin1() + " +0000] \"" + by + " /s.php HTTP/1.1\" 200 " + QByteArray::number(length) + " \"-\" \"a\"\n";
        };
        const auto visit = [&](int number) { ask("198.51." + QByteArray::number(number / 250) + "." + QByteArray::number(number % 250), "GET", 2000); };
        for (int i = 0; i < before; ++i) visit(i);
        for (int i = 0; i < times; ++i) ask("203.0.113.7", method, bytes);
        for (int i = 0; i < after; ++i) visit(before + i);
        auto sink = read_access_log(log);
        auto& rows = sink.rows["web_client"];
        const auto his = std::find_if(rows.begin(), rows.end(), [](auto& row) { return row["address"].as_text() == "203.0.113.7"; });
        QCOMPARE(his != rows.end(), kept);
        if (kept) QCOMPARE(his->at("answered").as_text() + " " + his->at("bytes").as_text(), std::to_string(times) + " " + std::to_string(times * bytes));
        QVERIFY2(rows.size() <= 16, std::to_string(rows.size()).c_str());
        QCOMPARE(std::any_of(sink.gaps.begin(), sink.gaps.end(), [](const auto& gap) { return gap.reason.find("not every client is told apart") != std::string::npos; }), before + after > 16);
        QCOMPARE(sink.rows["web_use"].at(0)["requests"].as_text(), std::to_string(before + after + times));
    }

    // A busy log: what visitors do alike is counted by the hour; what stands out is listed, and all that its sender did.
    void busy_log() {
        QByteArray log;
        int second = 0;
        const auto line = [&](const QByteArray& address, const QByteArray& request, int status, const QByteArray& agent = "Mozilla") {
            const auto at = QDateTime::fromSecsSinceEpoch(1'772'409'600 + second++, Qt::UTC);
            log += address + " - - [" + at.toString("dd/MMM/yyyy:HH:mm:ss").toLatin1() + " +0000] \"" + request + " HTTP/1.1\" " + QByteArray::number(status) + " 10 \"-\" \"" + agent + "\"\n";
        };
        const auto visit = [&](int number) {
            const auto address = "198.51.100." + QByteArray::number(number % 200);
            line(address, "GET /shop/?p=" + QByteArray::number(number), 200);
            line(address, "GET /shop/style-" + QByteArray::number(number % 900) + ".css", 200);
            line(address, "POST /shop/cart", 302);
        };
        for (int i = 0; i < 2000; ++i) visit(i);
        const QByteArray shell = "203.0.113.7", probe = "203.0.113.8", header = "203.0.113.9";
        line(shell, "GET /shop/?p=1", 200);           // not known yet: a visitor's
        line(shell, "POST /shop/up/x.php", 200);
        line(shell, "GET /shop/?p=2", 200);           // and all that follows
        line(probe, "GET /shop/?p=1%27%20OR%201", 200);
        line(header, "GET /shop/?p=3", 200, "${jndi:ldap://x}");
        line("203.0.113.10", "GET /shop/../../etc/passwd", 400);
        line("203.0.113.11", "GET /shop/?p=4&cmd=id", 200);
        for (int i = 0; i < 2000; ++i) visit(i);
        auto sink = read_access_log(log);
        QStringList others;
        qint64 traffic = 0, listed = 0;
        for (const auto& event : sink.events) {
            if (event.type == "web.traffic") {
                traffic += QString::fromStdString(event.attributes.at("requests").as_text()).toLongLong();
                continue;
            }
            ++listed;
            if (event.address.starts_with("203.")) others << QString::fromStdString(event.address.substr(10) + " " + event.attributes.at("method").as_text() + " " + event.attributes.at("url").as_text());
        }
        QCOMPARE(others, (QStringList{"7 POST /shop/up/x.php", "7 GET /shop/?p=2", "8 GET /shop/?p=1%27%20OR%201", "9 GET /shop/?p=3", "10 GET /shop/../../etc/passwd", "11 GET /shop/?p=4&cmd=id"}));
        QCOMPARE(traffic + listed, qint64{12'007});
        QVERIFY2(listed < 6'000, qPrintable(QString::number(listed)));
        QCOMPARE(sink.rows["access_log_file"].at(0)["listed"].as_text(), std::to_string(listed));
        QCOMPARE(sink.rows["access_log_file"].at(0)["lines"].as_text(), std::string("12007"));
        QVERIFY(std::any_of(sink.gaps.begin(), sink.gaps.end(), [](const auto& gap) { return gap.reason.find("counted by the hour") != std::string::npos; }));
    }

    void requests_of_the_configuration() {
        test::RecordingSink sink;
        const test::MemoryFile file("/etc/nginx/nginx.conf", "http {\n log_format main '$remote_addr [$time_local] \"$request\" $status';\n access_log /srv/logs/shop.log main;\n access_log /var/log/nginx/access.log;\n server { access_log /var/log/nginx/other-access.log main; access_log /dev/stdout; }\n}\n");
        QVERIFY(plugin::find_parser("nginx_config")->parse(file, {}, sink));
        QStringList got;
        for (const auto& request : sink.requests)
            if (request.parser == "access_log") got << QString::fromStdString(request.glob + " " + (request.parameters.empty() ? "" : request.parameters.front().second));
        const QString main = "$remote_addr [$time_local] \"$request\" $status";
        QCOMPARE(got, (QStringList{"/srv/logs/shop.log* " + main, "/var/log/nginx/other-access.log* " + main}));
    }
};
DEADBOX_TEST(WeblogTest)
#include "weblog_test.moc"
