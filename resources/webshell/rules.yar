/*
    Structures of intruders' scripts, written for this program: what no reader follows as a flow of values, because it
    lies across languages, in text constants, or in what is sent elsewhere. None is one sample's text.
    External variables: language (php, jsp, asp, aspx, coldfusion, perl, python, ruby, shell, lua, node), decoded.
    The first rule that matches names the script; tests/plugins/webshell/fixtures.txt has a script and an innocent twin for each.
*/

rule expression_language_command
{
    meta:
        description = "A page's expression reaches Java's command execution by reflection"
    strings:
        $open = /[#$]\{/
        $class = "java.lang.Runtime"
        $builder = "java.lang.ProcessBuilder"
        $method = /getMethod\(\s*["']exec["']/
        $call = /\.(forName|loadClass)\(/
        $request = /(request|param)[.\[]/
    condition:
        $open and ($class or $builder) and ($method or $call) and $request and filesize < 200KB
}

rule reverse_shell_line
{
    meta:
        description = "A shell's input and output tied to a connection, in one line of a command"
    strings:
        $tcp = /(ba|da|z|k)?sh -i\s{0,3}(>&|<&|>|<|[0-9])[^\n]{0,20}\/dev\/(tcp|udp)\//
        $exec = /exec [0-9]{1,3}<>\s?\/dev\/tcp\/[^\n]{0,80}/
        $nc = /\b(nc|ncat|netcat|nc\.traditional)\b[^\n"']{0,60} -[a-z]{0,4}[ec] ?["']?\/bin\/(ba|da)?sh/
        $fifo = /mk(fifo|nod)\s+\/tmp\/[^\n]{0,80}\/bin\/(ba|da)?sh[^\n]{0,60}\b(nc|ncat|netcat|telnet)\b/
        $telnet = /telnet [^\n|]{4,60}\|\s?\/bin\/(ba)?sh\s?\|\s?telnet/
        $perl = /perl -e ["'][^\n]{0,40}use Socket;[^\n]{0,300}\/bin\/(ba)?sh/
        $python = /python[23]? -c ["'][^\n]{0,40}import socket[^\n]{0,300}(\/bin\/(ba)?sh|pty\.spawn)/
    condition:
        any of them and filesize < 500KB
}

rule php_socket_shell
{
    meta:
        description = "A program's pipes and a connection in one PHP script"
    strings:
        $connect = /\b(fsockopen|pfsockopen|stream_socket_client|stream_socket_server|socket_create)\s*\(/ nocase
        $open = /\b(proc_open|popen|shell_exec|pcntl_exec)\s*\(/ nocase
        $shell = /["'](\/bin\/(ba)?sh|cmd(\.exe)?|uname -a; w; id)/ nocase
        $pump = /\b(stream_select|socket_read|socket_recv|fgets|fread)\s*\(/ nocase
    condition:
        language == "php" and all of them and filesize < 60KB
}

rule windows_accounts_com
{
    meta:
        description = "Accounts made through Windows' objects by a page"
    strings:
        $php = /new\s+COM\s*\(\s*["'](Shell\.Users|WScript\.Network|WinNT:)/ nocase
        $asp = /CreateObject\s*\(\s*["']Shell\.Users/ nocase
        $iis = /(new\s+COM|GetObject)\s*\(\s*["']IIS:\/\/[^\n]{0,60}w3svc/ nocase
        $password = /\b(AnonymousUserPass|WAMUserPass|changePassword|SetPassword)\b/ nocase
    condition:
        $php or $asp or ($iis and $password)
}

rule chat_bot
{
    meta:
        description = "A program that takes its orders from a chat channel"
    strings:
        $message = "PRIVMSG"
        $join = /\bJOIN\b/
        $ping = /\bPONG\b/
        $run = /(`|\b(system|exec|shell_exec|passthru|popen|eval|subprocess)\b\s*\(?)/
        $flood = /\b(udp|tcp|http|syn|icmp)[ _]?flood|portscan|\bddos\b|@(udp|tcp|http|portscan)|!(udp|tcp|rfi|lfi|scan)\b|\bbotnet\b/ nocase
        $adm = /[@$](adms?|admins?|owner|mestre|dono)\b/ nocase
    condition:
        $message and $join and $ping and $run and ($flood or $adm) and filesize < 300KB
}

rule carries_a_page_shell
{
    meta:
        description = "A program that holds another language's shell as a text"
    strings:
        $jsp = /Runtime\.getRuntime\(\)\.exec\(\s*request\.getParameter/
        $asp = /<%\s*(@\s*Page[^%]{0,60}%>\s*<%\s*)?(eval|execute|executeglobal)\s*\(?\s*request/ nocase
        $aspx = /<%@\s*Page\s+Language=.{0,3}Jscript.{0,200}Request\b.{0,200}\beval\(/s nocase
        $php = /<\?(php)?\s*@?(eval|assert|system|passthru|shell_exec)\s*\(\s*@?\$_(GET|POST|REQUEST|COOKIE)/ nocase
    condition:
        (language == "python" or language == "perl" or language == "ruby" or language == "shell" or language == "php" or language == "node") and
        ($jsp or $asp or $aspx or ($php and language != "php")) and filesize < 100KB
}

rule encoded_one_liner
{
    meta:
        description = "A shell of one line in base64"
    strings:
        $a = "eval($_POST[" base64
        $b = "eval($_GET[" base64
        $c = "eval($_REQUEST[" base64
        $d = "system($_GET[" base64
        $e = "assert($_POST[" base64
        $f = "eval request(" base64
        $g = "execute request(" base64
        $h = "getRuntime().exec(request" base64
        $i = "@ini_set(\"display_errors\",\"0\");@set_time_limit(0);" base64
    condition:
        any of them and filesize < 500KB
}

rule configuration_thief
{
    meta:
        description = "Collects the settings of other accounts' sites"
    strings:
        $home = /\/(home|home[0-9]|var\/www\/vhosts)\// nocase
        $passwd = "/etc/passwd"
        $public = /(public_html|httpdocs)/
        $c1 = "wp-config.php"
        $c2 = /joomla[^\n]{0,20}configuration\.php|configuration\.php[^\n]{0,40}joomla/ nocase
        $c3 = "submitticket.php"
        $c4 = "conf_global.php"
        $c5 = /whmcs?/ nocase
        $c6 = "vb/includes/config.php"
        $link = /\b(symlink\s*\(|ln -s)/
        $walk = /(readable|posix_getpwuid|getpwnam|file\s*\(\s*["']\/etc\/passwd|fopen\s*\(\s*["']\/etc\/passwd)/
    condition:
        filesize < 300KB and $passwd and $public and $home and (2 of ($c*) or $link or $walk)
}

rule defacer_tool
{
    meta:
        description = "An intruder's tool by what it says of itself"
    strings:
        $w01 = /\bdefac(e|er|ed|ing)\b/ nocase
        $w02 = /\bzone-?h\b/ nocase
        $w03 = /\b(greetz|greets|gr33tz)\b/ nocase
        $w04 = /\bhacked by\b/ nocase
        $w05 = /\b(c0ded|coded|c0d3d) by\b/ nocase
        $w06 = /\b(0day|priv8|milw0rm|exploit-db|packetstorm)\b/ nocase
        $w07 = /\b(rooted|r00t|h4x0r|haxor|hax0r|l33t|3xploit|h4ck\w{0,4})\b/ nocase
        $w08 = /\b(rfi|lfi|sqli) (scan|bug|exploit)|\bdork\b/ nocase
        $w09 = /\b(back ?connect|bind ?shell|reverse ?shell|webshell|web shell|bypass (safe|shell|disable))/ nocase
        $w10 = /\b(shellcode|meterpreter|msfvenom|msfpayload)\b/ nocase
        $w11 = /\b(ddos(er)?|udp ?flood|syn ?flood|mass ?mailer|brute ?force[rd]?)\b/ nocase
        $w12 = /\b(indishell|hacking team|hackers? team|cyber army|security team)\b/ nocase
        $act = /\b(system|exec|passthru|shell_exec|popen|socket|fsockopen|curl_exec|file_put_contents|fwrite|fputs|open|urllib2?|requests|cp|chmod|IO::Socket|file_get_contents|mysql_connect)\b/
    condition:
        3 of ($w*) and $act and filesize < 150KB and
        (language == "php" or language == "perl" or language == "python" or language == "ruby" or language == "shell" or language == "asp" or language == "jsp" or language == "aspx")
}

rule card_thief
{
    meta:
        description = "Payment or account data of a form sent away by mail or put into a picture"
    strings:
        $n1 = /card ?number|cc_?number|ccnum/ nocase
        $n2 = /\b(cvv2?|cvc|csc|cc_?cid)\b/ nocase
        $n3 = /\b(atm ?pin|mother'?s? ?maiden|social ?security|\bssn\b|sort ?code|full ?z)\b/ nocase
        $n4 = /\b(rezult\w?|result[sz] (from|by)|created by|spam(med)? by|log[sz]{2})\b/ nocase
        $post = /\$_(POST|REQUEST)\s*\[/
        $mail = /\bmail\s*\(/
        $file = /(fopen|file_put_contents)\s*\([^;]{0,120}\.(jpg|jpeg|png|gif)/
    condition:
        language == "php" and filesize < 60KB and $post and (($mail and 3 of ($n*)) or ($file and $n1 and $n2))
}

rule account_maker
{
    meta:
        description = "A lone script that makes itself an administrator of the site"
    strings:
        $load = /(wp-load|wp-blog-header|wp-config)\.php/
        $make = /\b(wp_create_user|wp_insert_user)\s*\(/
        $role = /['"]administrator['"]/
        $named = /wp_create_user\s*\(\s*['"]\w+['"]|['"]user_login['"]\s*=>\s*['"]\w+['"]/
        $asked = /\$_(GET|POST|REQUEST|COOKIE|SERVER)\b/
        $joomla = /JPATH_BASE.{0,2000}#__users.{0,400}(insert|set password)/is
    condition:
        language == "php" and ((filesize < 12KB and (($load and $make and $role) or $joomla)) or (filesize < 200KB and $named and $asked and $make and $role))
}

rule cloaked_doorway
{
    meta:
        description = "Shows search engines what another machine gives, and visitors something else"
    strings:
        $agent = "HTTP_USER_AGENT"
        $bots = /(google|yahoo|bing|baidu|yandex|msn|slurp|sogou)(bot|spider)?[|,'"\)\/]/ nocase
        $fetch = /(file_get_contents|curl_init|fopen|readfile|fsockopen)\s*\(\s*["']https?:\/\//
        $fetch_setopt = /CURLOPT_URL\s*,\s*["']https?:\/\//
        $print = /\b(echo|print|exit|die)\b/
        $tells = /["']https?:\/\/[^"'\n]{4,80}["']\s*\.[^;\n]{0,160}\$_SERVER\s*\[\s*["'](REQUEST_URI|HTTP_HOST|HTTP_USER_AGENT|REMOTE_ADDR)/
        $turn = /header\s*\(\s*["']Location:/ nocase
    condition:
        language == "php" and filesize < 20KB and $agent and #bots > 0 and ($fetch or $fetch_setopt) and $print and ($turn or $tells)
}

rule relays_code
{
    meta:
        description = "Passes a shell client's orders on to another shell"
    strings:
        $strip = /str_replace\s*\(\s*["']base64_decode\(/
        $send = /\b(curl_exec|file_get_contents|fsockopen)\s*\(/
        $post = "$_POST"
    condition:
        language == "php" and all of them and filesize < 20KB
}

rule decoded_by_stylesheet
{
    meta:
        description = "A stylesheet that calls PHP's or a script host's functions"
    strings:
        $sheet = "http://www.w3.org/1999/XSL/Transform"
        $call = /:function(String)?\(\s*\\?['"](assert|system|passthru|shell_exec|exec|eval|file_put_contents|create_function)\\?['"]/
    condition:
        all of them
}

rule runs_decoded_text
{
    meta:
        description = "Runs what base64, compression or another coding of a text holds"
    strings:
        $python = /\b(exec|eval)\s*\(\s*(compile\s*\(\s*)?(__import__\(\s*["'](base64|zlib|codecs|marshal|binascii|bz2|lzma)["']\s*\)|base64|zlib|codecs|marshal|binascii|bz2|lzma)\.\w{1,20}\(/
        $perl = /\beval\s*\(?\s*(decode_base64|MIME::Base64::decode|unpack\s*\(?\s*["']u|pack\s*\(?\s*["']H\*)/
        $ruby = /\beval\s*\(?\s*(Base64\.(strict_|urlsafe_)?decode64|Zlib::Inflate|["'][A-Za-z0-9+\/=]{40,}["']\.unpack)/
        $shell = /(base64 (-d|-D|--decode)|xxd -r -p)\s*\|\s*(gunzip\s*\|\s*|gzip -d\s*\|\s*)?(\/bin\/)?(ba|da)?sh\b/
        $node = /\beval\s*\(\s*(atob\s*\(|Buffer\.from\([^)\n]{1,200},\s*["'](base64|hex)["'])/
    condition:
        filesize < 300KB and ((language == "python" and $python) or (language == "perl" and $perl) or (language == "ruby" and $ruby) or (language == "shell" and $shell) or (language == "node" and $node))
}

rule carries_a_program
{
    meta:
        description = "A script that holds an executable as text, to write or load it"
    strings:
        $windows = /TVqQAAMAAAAEAAAA[A-Za-z0-9+\/]{200}/
        $elf = /f0VMRg(IBAQ|EBAQ)[A-Za-z0-9+\/]{200}/
        $hex = /(4d5a90000300|7f454c4602?0101)[0-9a-f]{300}/ nocase
        $numbers = /\b77,\s?90,\s?144,\s?0,\s?3,\s?0,|\b127,\s?69,\s?76,\s?70,\s?[12],\s?1,/
        $bytes = /0x4d,\s?0x5a,\s?0x90,\s?0x00|0x7f,\s?0x45,\s?0x4c,\s?0x46,\s?0x0[12]/ nocase
        $characters = /chr\(77\)\s?[&.+]\s?chr\(90\)\s?[&.+]\s?chr\(144\)|chr\(127\)\s?[&.+]\s?chr\(69\)\s?[&.+]\s?chr\(76\)/ nocase
    condition:
        language != "node" and any of them
}

rule runs_fetched_text
{
    meta:
        description = "Runs what another machine gives"
    strings:
        $python = /\b(exec|eval)\s*\(\s*(compile\s*\(\s*)?(urllib2?(\.request)?\.urlopen|requests\.get|urlopen)\s*\(/
        $perl = /\beval\s*\(?\s*(LWP::Simple::)?get\s*\(?\s*["']https?:\/\//
        $ruby = /\b(eval|instance_eval)\s*\(?\s*(Net::HTTP\.get|open\s*\(\s*["']https?:\/\/|URI\.open)/
    condition:
        filesize < 300KB and ((language == "python" and $python) or (language == "perl" and $perl) or (language == "ruby" and $ruby))
}
