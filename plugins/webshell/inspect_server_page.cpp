// JSP, ASP, ASPX and ColdFusion pages: where the request enters, what runs code or commands, what writes and browses.
// A page that holds both is judged without following values: in a page (not a library) they have one use together.
#include <algorithm>
#include <array>

#include "webshell/encoded_script.hpp"
#include "webshell/inspect.hpp"
#include "webshell/page_command.hpp"
#include "webshell/page_flow.hpp"
#include "webshell/page_values.hpp"
#include "webshell/server_page.hpp"

namespace deadbox::plugins::webshell {
namespace {

enum Role : std::uint8_t { source, code, command, load, write, read, list, remove, upload, database, connect, environment, encoded };
struct Mark {
    Language language;
    Role role;
    std::string_view text;  // in the page's lower case, without blanks
};
constexpr auto J = Language::jsp, A = Language::asp, X = Language::aspx, C = Language::coldfusion;
constexpr Mark k_marks[] = {
    {J, source, "request.getparameter"}, {J, source, "request.getinputstream"}, {J, source, "request.getheader"}, {J, source, "request.getreader"}, {J, source, "getquerystring"},
    {J, source, "getparametervalues"}, {J, source, "request.getpart"}, {J, source, "${param"}, {J, source, "request.getcookies"}, {J, source, "getparametermap"}, {J, source, "request.getattribute"},
    {J, source, ".getparameter("}, {J, source, "getparameternames"}, {J, source, "getinputstream()"}, {J, source, "serverSocket"}, {J, source, "fileupload"}, {J, source, "request.getmethod"},
    {J, command, "getruntime().exec"}, {J, command, "runtime.exec"}, {J, command, "processbuilder"}, {J, command, "processimpl"}, {J, command, "unixprocess"}, {J, command, ".exec("}, {J, command, "java.lang.runtime"}, {J, command, "getmethod(\"exec"}, {J, command, "runtime"},
    {J, code, "scriptengine"}, {J, code, "expressionfactory"}, {J, code, "elprocessor"}, {J, code, "groovyshell"}, {J, code, "bsh.interpreter"}, {J, code, "jythonshell"}, {J, code, "xmldecoder"}, {J, code, "objectinputstream"}, {J, code, "spelexpressionparser"}, {J, code, "unsafe"},
    {J, load, "defineclass"}, {J, load, "urlclassloader"}, {J, load, "extendsclassloader"}, {J, load, "templatesimpl"}, {J, load, "bcel"}, {J, load, "definehiddenclass"}, {J, load, "javacompiler"}, {J, load, "defineanonymousclass"}, {J, load, "addfilter"}, {J, load, "getdeclaredmethod"}, {J, load, "classloader"},
    {J, write, ".write(newfile("}, {J, write, ".write(newjava.io.file("}, {J, write, "fileoutputstream"}, {J, write, "filehandler("}, {J, write, "filewriter"}, {J, write, "randomaccessfile"}, {J, write, "files.write"}, {J, write, "createnewfile"}, {J, write, "printwriter(newfile"}, {J, write, "bufferedwriter"},
    {J, upload, "multipart"}, {J, upload, "smartupload"}, {J, read, "fileinputstream"}, {J, read, "filereader"}, {J, list, ".listfiles("}, {J, list, ".list()"}, {J, list, "listroots"}, {J, remove, ".delete()"}, {J, remove, ".renameto("},
    {J, database, "drivermanager.getconnection"}, {J, database, "executequery"}, {J, database, "class.forname"}, {J, connect, "newsocket("}, {J, connect, "socketchannel"}, {J, connect, "openconnection"}, {J, environment, "system.getproperty"}, {J, environment, "getrealpath"},
    {A, source, "request("}, {A, source, "request.form"}, {A, source, "request.querystring"}, {A, source, "request.item"}, {A, source, "request.binaryread"}, {A, source, "request.cookies"}, {A, source, "request.totalbytes"}, {A, source, "request["}, {A, source, "request.servervariables(\"http"}, {A, source, "session("}, {A, source, "request"},
    {A, code, "executeglobal"}, {A, code, "execute(request"}, {A, code, "executerequest"}, {A, code, "eval(request"}, {A, code, "evalrequest"}, {A, code, "scriptcontrol"}, {A, code, "execute"}, {A, code, "eval"}, 
    {A, command, "wscript.shell"}, {A, command, "shell.application"}, {A, command, "wscript.network"}, {A, command, "winmgmts"}, {A, command, "shell.users"}, {A, command, "72c24dd5-d70a-438b-8a42-98424b88afb8"}, {A, command, "13709620-c279-11ce-a49e-444553540000"}, {A, command, "0d43fe01-f093-11cf-8940-00a0c9054228"}, {A, command, "cmd.exe"}, {A, command, "xp_cmdshell"}, {A, command, "sp_oacreate"},
    {A, write, "createtextfile"}, {A, write, "savetofile"}, {A, write, "opentextfile"}, {A, write, ".saveas"}, {A, write, "filesystemobject"}, {A, write, "adodb.stream"}, {A, write, "copyfile"}, {A, upload, "multipart/form-data"}, {A, read, "readall"}, {A, read, "loadfromfile"}, {A, list, "getfolder"}, {A, list, ".subfolders"}, {A, list, ".drives"}, {A, remove, "deletefile"}, {A, remove, "deletefolder"}, {A, remove, ".attributes"},
    {A, database, "adodb.connection"}, {A, database, "adox.catalog"}, {A, connect, "xmlhttp"}, {A, connect, "mswinsock"}, {A, environment, "servervariables"}, {A, encoded, "#@~^"}, {A, encoded, "vbscript.encode"}, {A, encoded, "jscript.encode"},
    {X, source, "request["}, {X, source, "request.form"}, {X, source, "request.querystring"}, {X, source, "request.item"}, {X, source, "request.params"}, {X, source, "request.inputstream"}, {X, source, "request.headers"}, {X, source, "request.files"}, {X, source, "request.cookies"}, {X, source, "request.binaryread"}, {X, source, "fileupload"}, {X, source, ".text"}, {X, source, "request("}, {X, source, "postedfile"}, {X, source, "request.contentlength"}, {X, source, "context.request"}, {X, source, "webmethod"}, {X, source, ".value"},
    {X, code, "eval("}, {X, code, "\"unsafe\""}, {X, code, "csharpcodeprovider"}, {X, code, "vbcodeprovider"}, {X, code, "compileassembly"}, {X, code, "jscriptcodeprovider"}, {X, code, "xslcompiledtransform"}, {X, code, "msxsl:script"}, {X, code, "losformatter"}, {X, code, "objectstateformatter"}, {X, code, "scriptcontrol"}, {X, code, "binaryformatter"}, {X, code, "\\u0065val"},
    {X, load, "assembly.load"}, {X, load, "activator.createinstance"}, {X, load, "createinstance("}, {X, load, "virtualalloc"}, {X, load, "createthread"}, {X, load, ".load("}, {X, load, "getdelegateforfunctionpointer"}, {X, load, "loadlibrary"},
    {X, command, "process.start"}, {X, command, "processstartinfo"}, {X, command, "wscript.shell"}, {X, command, "newprocess("}, {X, command, "cmd.exe"}, {X, command, "asnewprocess"}, {X, command, "createprocess"}, {X, command, "shell("}, {X, command, "shell.application"}, {X, command, "xp_cmdshell"}, {X, command, "process()"}, {X, command, "runspacefactory"}, {X, command, "powershell.create("}, {X, command, ".addscript("}, {X, command, "getmethod(\"start"}, {X, command, "managementobjectsearcher"},
    {X, write, "file.write"}, {X, write, "streamwriter"}, {X, write, ".saveas("}, {X, write, "file.create"}, {X, write, "filestream("}, {X, write, "file.copy"}, {X, write, "file.append"}, {X, read, "file.read"}, {X, read, "streamreader"}, {X, read, "transmitfile"}, {X, read, "writefile("}, {X, list, "directory.get"}, {X, list, "getfiles("}, {X, list, "getdirectories("}, {X, list, "driveinfo"}, {X, list, "getlogicaldrives"}, {X, remove, "file.delete"}, {X, remove, "directory.delete"}, {X, remove, "setattributes"}, {X, remove, "setlastwritetime"},
    {X, database, "sqlconnection"}, {X, database, "oledbconnection"}, {X, database, "mysqlconnection"}, {X, database, "odbcconnection"}, {X, connect, "tcpclient"}, {X, connect, "newsocket("}, {X, connect, "httpwebrequest"}, {X, connect, "webclient"}, {X, environment, "environment."}, {X, environment, "servervariables"}, {X, environment, "registry."},
    {C, source, "form."}, {C, source, "url."}, {C, source, "cgi."}, {C, source, "formfield"}, {C, code, "evaluate(form"}, {C, code, "evaluate(url"}, {J, code, "lookup(request"}, {J, code, "ognl.getvalue(request"}, {J, code, "mvel.eval(request"}, {X, code, "csharpscript"}, {A, code, "getobject(\"script:\"&request"}, {J, code, "jshell"}, {J, code, "java.beans.expression"}, {J, code, "jdbcrowsetimpl"}, {J, code, "methodhandle"}, {C, command, "cfexecute"}, {C, command, "java.lang.runtime"}, {C, command, "java.lang.processbuilder"}, {C, command, "wscript"}, {C, load, "urlclassloader"}, {C, load, "createobject(\"com\""}, {C, write, "action=\"write\""}, {C, write, "action=\"upload\""}, {C, write, "action=upload"}, {C, write, "action=write"}, {C, write, "filewrite"}, {C, read, "action=\"read"}, {C, read, "cfcontent"}, {C, list, "cfdirectory"}, {C, list, "directorylist"}, {C, remove, "action=\"delete"}, {C, database, "cfquery"}, {C, database, "servicefactory"}, {C, connect, "cfhttp"}, {C, connect, "cfregistry"},
};

// Where a mark stands by itself: "cmd.exe" is not in "objCmd.Execute", "form." not in "platform.".
std::size_t find_mark(std::string_view page, const Mark& mark) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (mark.text == "process()") {  // not of "GetCurrentProcess()"
        auto hit = page.find(mark.text);
        while (hit != page.npos && hit > 0 && is_letter(page[hit - 1])) hit = page.find(mark.text, hit + 1);
        return hit;
    }
    const bool alone = mark.text == "cmd.exe" || (mark.language == Language::coldfusion && mark.role == source);
    auto hit = page.find(mark.text);
    while (alone && hit != page.npos) {
        const auto after = hit + mark.text.size();
        const bool before = hit > 0 && (is_letter(page[hit - 1]) || page[hit - 1] == '.');
        if (!(mark.role == source ? before : after < page.size() && is_letter(page[after]))) break;
        hit = page.find(mark.text, hit + 1);
    }
    return hit;
}

// Runs of at least four numbers between commas, each a letter, become a text in quotes.
std::string with_letters(const std::string& page) {
    std::string out;
    out.reserve(page.size());
    for (std::size_t i = 0; i < page.size();) {
        const bool opens = (page[i] == '{' || page[i] == '(' || page[i] == '[') && i + 1 < page.size() && page[i + 1] >= '0' && page[i + 1] <= '9';
        if (!opens) { out += page[i++]; continue; }
        std::string letters;
        auto at = i + 1;
        while (at < page.size() && page[at] >= '0' && page[at] <= '9') {
            int value = 0;
            auto digit = at;
            for (; digit < page.size() && digit < at + 4 && page[digit] >= '0' && page[digit] <= '9'; ++digit) value = value * 10 + (page[digit] - '0');
            if (value < 32 || value > 126) break;
            letters += static_cast<char>(value >= 'A' && value <= 'Z' ? value + 32 : value);
            at = digit < page.size() && page[digit] == ',' ? digit + 1 : digit;
            if (at == digit) break;
        }
        if (letters.size() < 4 || at >= page.size() || (page[at] != '}' && page[at] != ')' && page[at] != ']')) { out += page[i++]; continue; }
        out += page[i];
        out += '"' + letters + '"';
        i = at;
    }
    return out;
}

// UTF-7, which a page with code page 65000 is written in: "+AGUAdg-" is "ev"; what decodes to nothing is filling.
std::string from_utf7(std::string_view text) {
    std::string out;
    const auto digit = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52 : c == '+' ? 62 : c == '/' ? 63 : -1; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '+') { out += text[i]; continue; }
        std::uint32_t bits = 0;
        int held = 0;
        auto at = i + 1;
        for (; at < text.size() && digit(text[at]) >= 0; ++at) {
            bits = bits << 6 | static_cast<std::uint32_t>(digit(text[at]));
            if ((held += 6) < 16) continue;
            held -= 16;
            const auto unit = bits >> held & 0xffff;
            if (unit < 128) out += static_cast<char>(unit);
        }
        if (at == i + 1 && at < text.size() && text[at] == '-') out += '+';
        i = at < text.size() && text[at] == '-' ? at : at - 1;
    }
    return out;
}

// Java's and C#'s \u0041 written out; VBScript's "a"&"b" and chr(97) joined; blanks and comments taken away; lower case.
std::string plain(std::string_view text, Language language, std::uint32_t& escapes) {
    std::string out;
    out.reserve(text.size());
    const auto hex = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        // Quotes as a word processor writes them, in UTF-8 and in GBK.
        if (c == '\xe2' && i + 2 < text.size() && text[i + 1] == '\x80' && (text[i + 2] == '\x9c' || text[i + 2] == '\x9d')) { c = '"'; i += 2; }
        else if (c == '\xa1' && i + 1 < text.size() && (text[i + 1] == '\xb0' || text[i + 1] == '\xb1')) { c = '"'; ++i; }
        if (c == '\\' && i + 5 < text.size() && (text[i + 1] == 'u' || text[i + 1] == 'U') && language != Language::asp) {
            auto j = i + 1;
            while (j < text.size() && text[j] == 'u') ++j;
            if (text[i + 1] == 'U') j = std::min(i + 6, text.size());
            int value = 0, digits = 0;
            while (digits < 4 && j + static_cast<std::size_t>(digits) < text.size() && hex(text[j + static_cast<std::size_t>(digits)]) >= 0) value = value * 16 + hex(text[j + static_cast<std::size_t>(digits++)]);
            if (digits == 4 && value < 128) {
                ++escapes;
                i = j + 3;
                c = static_cast<char>(value);
            }
        }
        if (c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    if (language == Language::asp) {  // chr(101) is "e"
        std::string letters;
        letters.reserve(out.size());
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (out.compare(i, 4, "chr(") == 0 && (i == 0 || out[i - 1] < 'a' || out[i - 1] > 'z')) {
                int value = 0;
                auto j = i + 4;
                while (j < out.size() && j < i + 8 && out[j] >= '0' && out[j] <= '9') value = value * 10 + (out[j++] - '0');
                if (j > i + 4 && j < out.size() && out[j] == ')' && value > 31 && value < 127) {
                    letters += '"';
                    letters += static_cast<char>(value >= 'A' && value <= 'Z' ? value + 32 : value);
                    letters += '"';
                    i = j;
                    continue;
                }
            }
            letters += out[i];
        }
        out = std::move(letters);
    }
    // {106,97,118,97} and Array(106,97): letters as numbers.
    if (language != Language::coldfusion) out = with_letters(out);
    // "ex"&"ecute", "ex"+"ec": one text.
    std::string joined;
    joined.reserve(out.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] == '"' && i + 2 < out.size() && (out[i + 1] == '&' || out[i + 1] == '+') && out[i + 2] == '"') { i += 2; continue; }
        if (out.compare(i, 2, "/*") == 0 && language != Language::coldfusion) {
            const auto end = out.find("*/", i + 2);
            if (end != out.npos && end - i < 20'000) { i = end + 1; continue; }
        }
        joined += out[i];
    }
    return joined;
}

// ((Map) known).get(request.getParameter("f")): the request's word is a key of the page's own map, and all that it gives. True
// where the request is asked nothing else, and the map is not the request's.
bool asks_for_keys_only(std::string_view page) {
    static constexpr std::string_view k_others[] = {"request.getinputstream", "request.getheader", "request.getreader", "getquerystring", "getparametervalues", "getparametermap", "request.getpart", "${param", "request.getcookies", "getparameternames", "getinputstream()", "request.getattribute"};
    if (std::any_of(std::begin(k_others), std::end(k_others), [&](auto other) { return page.find(other) != page.npos; })) return false;
    bool any = false;
    for (auto at = page.find(".getparameter("); at != page.npos; at = page.find(".getparameter(", at + 1)) {
        const auto object = page.rfind("request", at);
        if (object == page.npos || object + 7 != at || object < 6) return false;
        const bool key = page.substr(0, object).ends_with(".get(") || page.substr(0, object).ends_with(".getordefault(");
        const auto close = page.find(')', at);
        if (!key || close == page.npos || close + 1 >= page.size() || (page[close + 1] != ')' && page[close + 1] != ',')) return false;
        // What it is a key of: a name, or something in brackets that the page itself keeps.
        const auto dot = page.rfind('.', object - 1);
        const auto statement = page.find_last_of(";{}%", dot);
        const auto map = page.substr(statement == page.npos ? 0 : statement + 1, dot - (statement == page.npos ? 0 : statement + 1));
        if (map.find("map") == map.npos && map.find("application.getattribute(") == map.npos && page.find("newhashmap") == page.npos && page.find("map.of(") == page.npos) return false;
        if (map.find("request") != map.npos || map.find("paths") != map.npos || map.find("files") != map.npos) return false;
        any = true;
    }
    return any && page.find(".put(request") == page.npos;
}

// Tells whether all that matters stands behind the application's own login.
bool read_server_page(std::string_view text, Features& features, std::string& decoded) {
    text = text.substr(0, 2u << 20);
    std::uint32_t escapes = 0;
    std::string widened;
    if (text.size() > 3 && ((text[0] == '\xff' && text[1] == '\xfe') || (text[1] == '\0' && text[3] == '\0'))) {  // UTF-16
        for (std::size_t i = text[0] == '\xff' ? 2 : 0; i < text.size(); i += 2) widened += text[i];
        text = widened;
    }
    std::string unpacked;
    if (features.language == Language::asp || features.language == Language::aspx) {
        const auto head = plain(text.substr(0, 400), features.language, escapes);
        escapes = 0;
        if (head.find("codepage=65000") != head.npos || head.find("codepage=\"65000\"") != head.npos) {
            features.add(Sign::hidden_code, 0, 0, "code page 65000", text.substr(0, 300));
            unpacked = from_utf7(text);
        } else unpacked = decoded_scripts(text);
        if (!unpacked.empty()) {
            features.layers = 1;
            features.decoded.push_back(unpacked.substr(0, 300));
            decoded.append(unpacked.substr(0, 1u << 20));
            unpacked = std::string(text) + "\n<%" + unpacked + "%>";
            text = unpacked;
        }
    }
    const auto page = plain(text, features.language, escapes);
    features.escaped_bytes = escapes;
    if (escapes > 30) { decoded.append(page); features.decoded.push_back(page.substr(0, 300)); features.layers = 1; }
    const bool is_page = page.find("<%") != page.npos || page.find("<jsp:") != page.npos || page.find("runat=\"server\"") != page.npos || page.find("runat=server") != page.npos || features.language == Language::coldfusion ||
                         page.find("<%@") != page.npos || page.find("java.sun.com/jsp/page") != page.npos || page.find("language=vbscript") != page.npos || page.find("webhandler") != page.npos;
    std::array<std::uint32_t, 13> roles{};
    std::array<std::string_view, 13> first{};
    for (const auto& mark : k_marks) {
        if (mark.language != features.language) continue;
        const auto hit = find_mark(page, mark);
        if (hit == page.npos) continue;
        ++roles[mark.role];
        if (first[mark.role].empty()) first[mark.role] = mark.text;
    }
    // A document is loaded too, XML mostly: only a program's bytes matter.
    if (features.language == Language::jsp && roles[source] > 0 && asks_for_keys_only(page)) roles[source] = 0, ++features.bounded;
    if (features.language == Language::aspx && first[load] == ".load(" && page.find("assembly") == page.npos && page.find("reflection") == page.npos && page.find("frombase64") == page.npos) roles[load] = 0;
    // Where the evidence stands in the file: the mark's first letters, as it is written there.
    const auto lower_find = [&](std::string_view mark) -> std::uint32_t {
        const auto part = mark.substr(0, std::min<std::size_t>(mark.find_first_of("(.[\"") == mark.npos ? mark.size() : std::max<std::size_t>(mark.find_first_of("(.[\""), 4), mark.size()));
        const auto hit = std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
        return hit == text.end() ? 0 : static_cast<std::uint32_t>(hit - text.begin());
    };
    const auto add = [&](Sign sign, Role role) {
        const auto offset = lower_find(first[role]);
        auto from = offset > 0 ? text.rfind('\n', offset - 1) : text.npos;
        from = from == text.npos ? 0 : from + 1;
        if (offset - from > 100) from = offset - 100;
        const auto end = std::min({text.find('\n', offset), text.size(), from + 300});
        features.add(sign, offset, escapes > 30 ? 1 : 0, first[role], text.substr(from, end - from));
    };
    const auto has = [&](Role role) { return roles[role] > 0; };
    // VBScript's Execute and Eval as statements, of whatever: ordinary pages have recordset.Execute alone.
    if (features.language == Language::asp) {
        std::string low(text.size(), ' ');
        for (const auto& block : page_blocks(text)) {
            const auto code = bare_code(block.code);
            std::copy(code.begin(), code.end(), low.begin() + static_cast<std::ptrdiff_t>(block.offset));
        }
        for (const std::string_view word : {"execute", "executeglobal", "eval"})
            for (auto hit = low.find(word); hit != low.npos; hit = low.find(word, hit + 1)) {
                const char before = hit > 0 ? low[hit - 1] : ' ', after = hit + word.size() < low.size() ? low[hit + word.size()] : ' ';
                const bool boundary = before != '.' && before != '_' && !(before >= 'a' && before <= 'z') && before != '"' && before != '\'';
                auto next = hit + word.size();
                while (next < low.size() && low[next] == ' ') ++next;
                const char then = next < low.size() ? low[next] : ' ';
                // JSON's way to be read: eval("(" + text + ")").
                if (low.compare(next, 4, "(\" \"") == 0) continue;
                // A long page evaluates its own settings; the request's or the session's text is another matter.
                if (word == "eval" && text.size() > 2500 && low.substr(next, 40).find("request") == low.npos && low.substr(next, 40).find("session") == low.npos) continue;
                if (!boundary || (!has(source) && text.size() > 1500) || (after != ' ' && after != '(' && after != '"' && after != '\t') || !(then == '(' || then == '"' || (then >= 'a' && then <= 'z'))) continue;
                features.add(Sign::hidden_code, static_cast<std::uint32_t>(hit), 0, word, std::string_view(text).substr(hit, 300));
                break;
            }
    }
    if (!is_page && features.language != Language::jsp) return false;
    // What is handed on is followed in Java and C#, where nothing is written in escapes.
    const bool followed = (has(command) || has(code)) && escapes == 0 && (features.language == Language::jsp || (features.language == Language::aspx && page.find("c#") != page.npos));
    const auto calls = followed ? page_calls(text, features.language) : PageCalls{};
    const bool told = calls.commands != Given::none && calls.commands != Given::unknown && !runs_otherwise(page, features.language, calls.seen);
    const bool own_code = calls.code == Given::own && roles[code] == 1 && (first[code] == "scriptengine" || first[code] == "groovyshell");
    features.bounded += told + own_code;
    const bool named = has(command) && (names_its_commands(page, features.language) || told);
    if (told && calls.commands == Given::argument) add(Sign::partial_command, command);
    else if (named && is_page) add(Sign::fixed_command, command), features[Sign::fixed_command].detail = k_named_command;
    if (has(source) && is_page) {
        if (has(command) && !named && (features.language != Language::coldfusion || page.find("aspell") == page.npos) && !(features.language == Language::jsp && roles[command] == 1 && first[command] == "runtime" && page.find("getmethod") == page.npos)) add(Sign::request_command, command);
        if (has(code)) {
            // "Execute" and "eval" are words of ordinary ASP too (rs.Execute): then as a statement with the request.
            // Only JScript pages have an eval; in others Eval("Name") binds data.
            const bool bound = features.language == Language::aspx && first[code] == "eval(" && roles[code] == 1 && page.find("language=\"jscript") == page.npos && page.find("language=jscript") == page.npos && page.find("language='jscript") == page.npos && page.find("language=\"javascript\"%>") == page.npos && page.find("eval(request") == page.npos;
            const bool strong = !bound && (features.language != Language::asp || page.find("executeglobal") != page.npos || page.find("scriptcontrol") != page.npos || page.find("execute(request") != page.npos || page.find("eval(request") != page.npos || page.find("evalrequest") != page.npos || page.find("executerequest") != page.npos || page.find("getobject(\"script:\"&request") != page.npos || (features.size < 1500 && (page.find(".execute") == page.npos || page.find("eval(") != page.npos)));
            if (strong && !own_code) add(Sign::request_code, code);
        }
        if (has(load) && (first[load] != "getdeclaredmethod" && first[load] != "classloader" && first[load] != "addfilter" && first[load] != "cfobject")) add(Sign::request_code, load);
    }
    // A method that is looked up by its name gets a value of the request: Class.forName(a + b).getMethod(c).invoke(d, request...)
    if (is_page && has(source) && features.language == Language::jsp && !features.has(Sign::request_code) && page.find("class.forname(") != page.npos && page.find(".getmethod(") != page.npos)
        for (auto hit = page.find(".invoke("); hit != page.npos; hit = page.find(".invoke(", hit + 1)) {
            const auto given = page.substr(hit, page.find(';', hit) - hit);
            if (given.find("request.getparameter(") == given.npos && given.find("request.getheader(") == given.npos && given.find("param.") == given.npos) continue;
            const auto offset = lower_find(".invoke(");
            features.add(Sign::request_code, offset, 0, "invoke", text.substr(offset, 200));
            break;
        }
    // JScript's other eval.
    if (is_page && has(source) && features.language == Language::aspx && page.find("newfunction(") != page.npos && (page.find("language=\"jscript\"") != page.npos || page.find("language=jscript") != page.npos))
        for (const auto& block : page_blocks(text)) {
            std::uint32_t none = 0;
            if (plain(block.code, features.language, none).find("newfunction(") == std::string::npos) continue;
            features.add(Sign::request_code, static_cast<std::uint32_t>(block.offset), 0, "new Function", block.code.substr(0, 200));
            break;
        }
    if (is_page && !named && !has(source) && features.language == Language::jsp && page.find("runtime.getruntime") != page.npos && page.find(".exec(") != page.npos) add(Sign::fixed_command, command);
    if (is_page && !named && !has(source) && features.language == Language::aspx && page.find("process.start") != page.npos) add(Sign::fixed_command, command);
    const auto at = [&](std::string_view part) { return page.find(part) != page.npos; };
    const auto any = [&](std::initializer_list<std::string_view> parts) { return std::any_of(parts.begin(), parts.end(), at); };
    // What is fetched elsewhere, or stands here, is written as a script.
    if (is_page && features.language != Language::coldfusion) {
        for (const std::string_view mark : {"savetofile", "writealltext(", "streamwriter(", "file.create(", "filewriter(", "createtextfile("})
            for (auto hit = page.find(mark); hit != page.npos; hit = page.find(mark, hit + 1)) {
                const auto argument = page.substr(hit, std::min<std::size_t>(page.find_first_of(";\n", hit + mark.size()) - hit, 160));
                if (argument.find(".asp") == argument.npos && argument.find(".php\"") == argument.npos && argument.find(".jsp\"") == argument.npos && argument.find(".ashx\"") == argument.npos) continue;
                features.add(at("xmlhttp") || at("webclient") ? Sign::remote_dropper : Sign::script_dropper, lower_find(mark), 0, mark, std::string_view(text).substr(lower_find(mark), 200));
                break;
            }
    }
    if (is_page && any({"createtextfile(request", "savetofile(request", "savetofilerequest", "opentextfile(request", "createtextfile(server.mappath(request", "savetofile(server.mappath(request", "writealltext(request", "fileoutputstream(request.getparameter"}))
        features.add(Sign::request_write, lower_find(first[write]), 0, "the request's path", text.substr(lower_find(first[write]), 200));
    if (is_page && any({"':eval}", ":eval}", "=eval;", "=eval%>", "[\"eval\"]", "['eval']", "=execute%>"}) && features.language != Language::jsp)
        features.add(Sign::hidden_code, lower_find("eval"), 0, "eval under another name", text.substr(lower_find("eval"), 200));
    if (features.language == Language::jsp && at("${") && (at("getruntime().exec(param") || at(".exec(param."))) features.add(Sign::request_command, lower_find("exec"), 0, "an expression", text.substr(lower_find("exec"), 200));
    if (page.find("/dev/tcp/") != page.npos) features.add(Sign::socket_shell, lower_find("/dev/tcp"), 0, "/dev/tcp", "/dev/tcp");
    if (page.find("\"yv66v") != page.npos) features.add(Sign::hidden_code, lower_find("yv66v"), 0, "a class in base64", std::string_view(text).substr(lower_find("yv66v"), 200));
    if (!is_page && features.language == Language::jsp && has(load) && first[load] == "defineclass") add(Sign::hidden_code, load);
    if (has(encoded)) add(Sign::hidden_code, encoded);
    if (escapes > 60) features.add(Sign::hidden_code, 0, 0, "escaped characters", text.substr(0, 300));
    const auto direct = [&](Sign sign, std::string_view detail, std::string_view mark) {
        const auto offset = lower_find(mark);
        features.add(sign, offset, 0, detail, text.substr(offset, 200));
    };
    const bool lists_tables = any({"gettables(null", "showtables", "information_schema", "sysobjects", "dba_tables", "user_tables", "all_tables", "openschema("});
    // Every table's rows are read, whichever there are.
    if (is_page && has(database) && lists_tables && any({"select*from\"+", "select*from\"&", "select*from[\"+", "select*from[\"&", "select*from`\"+", "showcreatetable\"+", "showcreatetable`\"+"})) direct(Sign::sql_console, "every table", first[database]);
    // Endless time for one page that shows all rows of a query.
    if (is_page && has(database) && !has(source) && any({"server.scripttimeout=9999999", "server.scripttimeout=2147483647"})) direct(Sign::loosened, "endless script time", "scripttimeout");
    if (!is_page) return calls.behind_login;
    if (!has(source)) {
        if (has(database)) add(Sign::database_login, database);
        return calls.behind_login;
    }
    if (features.language != Language::coldfusion) follow_request(text, features);
    else {
        const bool named = any({"file=\"#form.", "file=\"#url.", "file='#form.", "file='#url."}), given = any({"output=\"#form.", "output=\"#url.", "output='#form.", "output='#url."});
        if ((named && given && any({"action=\"write\"", "action='write'", "action=write", "action=\"append\""})) || any({"filewrite(form.", "filewrite(url.", "filewrite(\"#form.", "filewrite(\"#url."})) direct(Sign::request_write, k_requests_path, "write");
        // A page is written of what the request says.
        if (given && any({"action=\"write\"", "action='write'", "action=write", "action=\"append\""}) && any({".cfm\"", ".cfm')", ".cfm\")", ".cfc\""})) direct(Sign::request_write, k_requests_path, "write");
        for (auto hit = page.find("evaluate("); hit != page.npos; hit = page.find("evaluate(", hit + 1)) {
            const auto name = page.substr(hit + 9, std::min<std::size_t>(page.find_first_of("),", hit + 9) - hit - 9, 40));
            if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != name.npos || (page.find("<cfset" + name + "=url.") == page.npos && page.find("<cfset" + name + "=form.") == page.npos)) continue;
            direct(Sign::request_code, "evaluate", "evaluate(");
            break;
        }
        if (any({"datasource=\"#form.", "datasource=\"#url.", "datasource='#form.", "datasource='#url."})) direct(Sign::database_login, k_requests_server, "datasource");
    }
    // The request names the file that is shown, the folder that is listed, the query that is sent.
    if (any({"newfile(request.getparameter(", "fileinputstream(request.getparameter(", "opentextfile(request", "loadfromfile(request", "file=\"#form.", "file=\"#url.", "file='#form.", "file='#url.", "readalltext(request"})) direct(Sign::read_file, "the request's path", first[read].empty() ? "request" : first[read]);
    if (any({"statement.executequery(request", ".execute(request.form", ".execute(request(", "executequery(request.getparameter", "serverip+\";database", "\"server=\"+", "\"datasource=\"+", "\"provider=sqloledb;server=\"&request", "\"driver={sqlserver};server=\"&request"}) ||
        (features.language == Language::coldfusion && has(database) && [&] {
            for (auto open = page.find("<cfquery"); open != page.npos; open = page.find("<cfquery", open + 1)) {
                const auto close = page.find('>', open);
                if (close != page.npos && (page.compare(close + 1, 6, "#form.") == 0 || page.compare(close + 1, 5, "#url.") == 0 || page.compare(close + 1, 27, "#preservesinglequotes(form.") == 0)) return true;
            }
            return false;
        }()))
        direct(Sign::sql_console, "the request's query", first[database].empty() ? "request" : first[database]);
    // Tables are listed and their rows written to a file.
    if (has(database) && has(write) && lists_tables && !features.has(Sign::sql_console)) direct(Sign::sql_console, "all tables", first[database]);
    // The whole disk, or the registry.
    if (any({"listroots", ".drives", "getlogicaldrives", "driveinfo", "getvaluenames("}) && any({"request", ".text"})) features.add(Sign::loosened, 0, 0, "the whole disk", "");
    // Folders are listed with who may write there.
    if (features.language == Language::aspx && has(list) && at("getaccesscontrol(")) direct(Sign::loosened, "access rights", "getaccesscontrol");
    if (has(write)) add(Sign::write_file, write);
    if (has(upload)) add(Sign::upload, upload);
    if (has(read)) add(Sign::read_file, read);
    if (has(list) || at("getvaluenames(")) add(Sign::list_folder, list);
    if (has(remove)) add(Sign::remove_file, remove);
    if (has(database)) add(Sign::database_login, database);
    if (has(connect)) add(Sign::connect, connect);
    if (has(environment)) add(Sign::environment, environment);
    const bool writes = features.language != Language::asp || any({"createtextfile", "savetofile", "opentextfile", ".saveas", "copyfile"});
    if (has(write) && writes && features.size < (features.language == Language::asp ? 2500 : 6000) && features.language != Language::coldfusion) add(Sign::request_write, write);
    return calls.behind_login;
}

}  // namespace

void inspect_server_page(std::string_view text, Features& features, std::string& decoded) {
    if (!read_server_page(text, features, decoded)) return;
    for (auto& place : features.signs) place.behind_login = place.count;
}

}  // namespace deadbox::plugins::webshell
