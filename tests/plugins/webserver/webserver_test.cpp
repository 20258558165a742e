#include "support/case_fixture.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"
#include "plugins/webserver/config_texts.hpp"
#include "webserver/web_config.hpp"

using namespace deadbox;
using namespace deadbox::plugins::webserver;
using namespace deadbox::test;

namespace {

// "kind site url path" and "log kind site format path", one a line.
QString described(const WebConfig& config) {
    std::string text;
    for (const auto& root : config.roots) text += root.kind + " " + root.site + " " + root.url + " " + root.path + (root.assumed ? " assumed" : "") + "\n";
    for (const auto& log : config.logs) text += "log " + log.kind + " " + log.site + " " + log.format + " " + log.path + "\n";
    for (const auto& format : config.formats) text += "format " + format.name + " " + format.definition + "\n";
    for (const auto& include : config.includes) text += "include " + include + "\n";
    for (const auto& one : config.unresolved) text += "unresolved " + one + "\n";
    return QString::fromStdString(text);
}

}  // namespace

class WebserverTest : public QObject {
    Q_OBJECT
private slots:
    void apache_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("Debian's site") << QByteArray("/etc/apache2/sites-available/000-default.conf") << QByteArray(k_debian_site)
            << QString("root  / /var/www/html\nlog error   /var/log/apache2/error.log\nlog access  combined /var/log/apache2/access.log\n");
        QTest::newRow("Debian's main file") << QByteArray("/etc/apache2/apache2.conf") << QByteArray(k_debian_main)
            << QString("log error   /var/log/apache2/error.log\nformat combined %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"\n"
                       "include /etc/apache2/mods-enabled/*.load\ninclude /etc/apache2/ports.conf\ninclude /etc/apache2/sites-enabled/*.conf\n");
        QTest::newRow("Red Hat's main file") << QByteArray("/etc/httpd/conf/httpd.conf") << QByteArray(k_redhat_main)
            << QString("root  / /var/www/html\nscript  /cgi-bin/ /var/www/cgi-bin\nlog error   /var/log/httpd/error_log\nlog access  combined /var/log/httpd/access_log\n"
                       "format common %h %l %u %t \"%r\" %>s %b\ninclude /etc/httpd/conf.modules.d/*.conf\n");
        QTest::newRow("sites") << QByteArray("/etc/apache2/sites-enabled/shop.conf") << QByteArray(k_sites)
            << QString("root shop.example.org / /srv/shop/web\nalias shop.example.org /media /srv/shop/media files\nroot blog.example.org / /var/www\nuser  /~ /home/*/public_html\n"
                       "log access shop.example.org combined /srv/shop/log/access.*-*-*.log\ninclude /opt/sites/*.conf\nunresolved ${ELSEWHERE}/a.log\n");
        QTest::newRow("built from source") << QByteArray("/usr/local/apache2/conf/httpd.conf") << QByteArray("DocumentRoot htdocs\nErrorLog logs/error_log\n")
            << QString("root  / /usr/local/apache2/htdocs\nlog error   /usr/local/apache2/logs/error_log\n");
    }
    void apache() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(described(read_apache(text.toStdString(), path.toStdString(), {})), expected);
    }
    void nginx() {
        QCOMPARE(described(read_nginx(k_nginx_main, "/etc/nginx/nginx.conf")),
                 QString("log access  combined /var/log/nginx/access.log\nlog error   /var/log/nginx/error.log\n"
                         "format main $remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent\n"
                         "include /etc/nginx/conf.d/*.conf\ninclude /etc/nginx/sites-enabled/*\n"));
        QCOMPARE(described(read_nginx(k_nginx_site, "/etc/nginx/sites-available/default")),
                 QString("root  / /var/www/html\nroot shop.example.org / /srv/shop/web\nalias shop.example.org /media/ /srv/media\n"
                         "alias shop.example.org ^/u/([a-z]{2,8})/(.*)$ /home\nroot a.example.org / /usr/share/nginx/html assumed\n"
                         "root ~^(?<name>.+)\\.example\\.net$ / /var/www\n"
                         "log access shop.example.org main /srv/shop/log/access.log\nlog access ~^(?<name>.+)\\.example\\.net$ combined /var/log/nginx/*\n"));
    }
    void lighttpd() {
        QCOMPARE(described(read_lighttpd(k_lighttpd)),
                 QString("root  / /var/www/html\nalias  /cgi-bin/ /usr/lib/cgi-bin\nalias  /doc/ /usr/share/doc\nroot shop.example.org / /srv/shop\n"
                         "log error   /var/log/lighttpd/error.log\nlog access shop.example.org combined /var/log/lighttpd/shop.log\n"));
    }
    void caddy() {
        QCOMPARE(described(read_caddy(k_caddy)), QString("root  / /usr/share/caddy\nroot shop.example.org / /srv/shop\n"
                                                         "log access shop.example.org caddy /var/log/caddy/shop.log\ninclude /etc/caddy/sites/*.caddy\n"));
    }
    void tomcat() {
        QCOMPARE(described(read_tomcat(k_tomcat, "/etc/tomcat9/server.xml")),
                 QString("root localhost / /var/lib/tomcat9/webapps\nalias localhost /shop /srv/shop\n"
                         "log access localhost %h %l %u %t \"%r\" %s %b /var/log/tomcat9/localhost_access_log*.txt\n"));
        QCOMPARE(described(read_tomcat("<Host appBase=\"/data/apps\"/>", "/opt/tomcat/conf/server.xml")), QString("root  / /data/apps\n"));
    }
    void cpanel() {
        QCOMPARE(described(read_cpanel_userdata("---\nadd_to: {}\ndocumentroot: /home/shop/public_html\nservername: shop.example.org\n")),
                 QString("root shop.example.org / /home/shop/public_html\n"));
    }
    void paths() {
        QCOMPARE(clean_path("/a//./b/../c/"), std::string("/a/c"));
        QCOMPARE(clean_path("/../.."), std::string("/"));
        QCOMPARE(clean_path("a/./b/"), std::string("a/b"));
        QCOMPARE(fixed_part("/$host/x", "$"), std::string());
    }
    void files_from_elsewhere_are_asked_for() {
        test::RecordingSink sink;
        const test::MemoryFile file("/etc/apache2/sites-enabled/shop.conf", k_sites);
        QVERIFY(plugin::find_parser("apache_config")->parse(file, {}, sink));
        QStringList asked;
        for (const auto& request : sink.requests)
            if (request.parser == "apache_config") asked << QString::fromStdString(request.glob);
        QCOMPARE(asked, QStringList("/opt/sites/*.conf"));
        QCOMPARE(sink.rows["web_root"][0].at("enabled").as_text(), std::string("1"));
        QCOMPARE(sink.kept.size(), std::size_t{1});
    }
    // Default folders count only where no configuration speaks, and the ledger says so.
    void assumed_roots() {
        for (const bool configured : {false, true}) {
            test::CaseFixture fixture;
            test::FileSpec index, config;
            index.path = "/var/www/html/index.html", index.bytes = "<h1>It works</h1>";
            fixture.add_parsed("web_default_folder", index);
            config.path = "/etc/apache2/sites-available/000-default.conf", config.bytes = k_debian_site;
            if (configured) fixture.add_parsed("apache_config", config);
            QVERIFY(fixture.detect("webserver").empty());
            auto query = fixture.database().prepare("SELECT count(*) FROM coverage WHERE level = 'assumption' AND area = 'webserver'");
            QVERIFY(query && query->step());
            QCOMPARE(query->integer(0), configured ? std::int64_t{0} : std::int64_t{1});
        }
    }
    void hostile() {
        std::string bytes;
        std::uint32_t state = 7;
        const std::string_view pieces[] = {"{", "}", "\n", " ", ";", "\"", "\\", "root ", "/a/b", "alias.url = (", "=>", "<Host ", "<!--", "docBase=", "${", "<VirtualHost>", "$HTTP[\"host\"]"};
        for (int i = 0; i < 200'000; ++i) {
            state = state * 1664525 + 1013904223;
            if ((state >> 20) % 3 == 0) bytes += static_cast<char>(state >> 12);
            else bytes += pieces[(state >> 24) % std::size(pieces)];
        }
        (void)read_apache(bytes, "/etc/httpd/x", {});
        (void)read_nginx(bytes, "/etc/nginx/x");
        (void)read_lighttpd(bytes);
        (void)read_caddy(bytes);
        (void)read_tomcat(bytes, "/etc/tomcat9/server.xml");
        (void)read_cpanel_userdata(bytes);
        (void)read_nginx(std::string(1'000'000, '{'), "/etc/nginx/x");
        (void)read_tomcat(std::string(500'000, '<'), "/");
        std::string doubling;
        for (int i = 0; i < 64; ++i) doubling += "Define a" + std::to_string(i + 1) + " ${a" + std::to_string(i) + "}${a" + std::to_string(i) + "}x\n";
        (void)read_apache(doubling, "/etc/apache2/x", {});
    }
};
DEADBOX_TEST(WebserverTest)
#include "webserver_test.moc"
