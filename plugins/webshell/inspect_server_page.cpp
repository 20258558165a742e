// JSP, ASP, ASPX and ColdFusion pages: where the request enters, what runs code or commands, what writes and browses.
// A page that holds both is judged without following values: in a page (not a library) they have one use together.
#include <algorithm>
#include <array>

#include "webshell/inspect.hpp"
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
    {J, write, "fileoutputstream"}, {J, write, "filewriter"}, {J, write, "randomaccessfile"}, {J, write, "files.write"}, {J, write, "createnewfile"}, {J, write, "printwriter(newfile"}, {J, write, "bufferedwriter"},
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
    {X, command, "process.start"}, {X, command, "processstartinfo"}, {X, command, "wscript.shell"}, {X, command, "newprocess("}, {X, command, "cmd.exe"}, {X, command, "asnewprocess"}, {X, command, "createprocess"}, {X, command, "shell("}, {X, command, "shell.application"}, {X, command, "xp_cmdshell"}, {X, command, "process()"}, {X, command, "runspacefactory"}, {X, command, "managementobjectsearcher"},
    {X, write, "file.write"}, {X, write, "streamwriter"}, {X, write, ".saveas("}, {X, write, "file.create"}, {X, write, "filestream("}, {X, write, "file.copy"}, {X, write, "file.append"}, {X, read, "file.read"}, {X, read, "streamreader"}, {X, read, "transmitfile"}, {X, read, "writefile("}, {X, list, "directory.get"}, {X, list, "getfiles("}, {X, list, "getdirectories("}, {X, list, "driveinfo"}, {X, list, "getlogicaldrives"}, {X, remove, "file.delete"}, {X, remove, "directory.delete"}, {X, remove, "setattributes"}, {X, remove, "setlastwritetime"},
    {X, database, "sqlconnection"}, {X, database, "oledbconnection"}, {X, database, "mysqlconnection"}, {X, database, "odbcconnection"}, {X, connect, "tcpclient"}, {X, connect, "newsocket("}, {X, connect, "httpwebrequest"}, {X, connect, "webclient"}, {X, environment, "environment."}, {X, environment, "servervariables"}, {X, environment, "registry."},
    {C, source, "form."}, {C, source, "url."}, {C, source, "cgi."}, {C, source, "formfield"}, {C, code, "evaluate(form"}, {C, code, "evaluate(url"}, {C, code, "evaluate(\"form"}, {J, code, "lookup(request"}, {J, code, "jshell"}, {J, code, "java.beans.expression"}, {J, code, "jdbcrowsetimpl"}, {J, code, "methodhandle"}, {C, command, "cfexecute"}, {C, command, "java.lang.runtime"}, {C, command, "wscript"}, {C, load, "urlclassloader"}, {C, load, "createobject(\"com\""}, {C, write, "action=\"write\""}, {C, write, "action=\"upload\""}, {C, write, "action=upload"}, {C, write, "action=write"}, {C, write, "filewrite"}, {C, read, "action=\"read"}, {C, read, "cfcontent"}, {C, list, "cfdirectory"}, {C, list, "directorylist"}, {C, remove, "action=\"delete"}, {C, database, "cfquery"}, {C, database, "servicefactory"}, {C, connect, "cfhttp"}, {C, connect, "cfregistry"},
};

// Java's and C#'s \u0041 written out; VBScript's "a"&"b" and chr(97) joined; blanks and comments taken away; lower case.
std::string plain(std::string_view text, Language language, std::uint32_t& escapes) {
    std::string out;
    out.reserve(text.size());
    const auto hex = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
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

}  // namespace

void inspect_server_page(std::string_view text, Features& features, std::string& decoded) {
    text = text.substr(0, 2u << 20);
    std::uint32_t escapes = 0;
    std::string widened;
    if (text.size() > 3 && ((text[0] == '\xff' && text[1] == '\xfe') || (text[1] == '\0' && text[3] == '\0'))) {  // UTF-16
        for (std::size_t i = text[0] == '\xff' ? 2 : 0; i < text.size(); i += 2) widened += text[i];
        text = widened;
    }
    const auto page = plain(text, features.language, escapes);
    features.escaped_bytes = escapes;
    if (escapes > 30) { decoded.append(page); features.decoded.push_back(page.substr(0, 300)); features.layers = 1; }
    const bool is_page = page.find("<%") != page.npos || page.find("<jsp:") != page.npos || page.find("runat=\"server\"") != page.npos || page.find("runat=server") != page.npos || features.language == Language::coldfusion ||
                         page.find("<%@") != page.npos || page.find("language=vbscript") != page.npos || page.find("webhandler") != page.npos;
    std::array<std::uint32_t, 13> roles{};
    std::array<std::string_view, 13> first{};
    for (const auto& mark : k_marks) {
        if (mark.language != features.language) continue;
        const auto hit = page.find(mark.text);
        if (hit == page.npos) continue;
        ++roles[mark.role];
        if (first[mark.role].empty()) first[mark.role] = mark.text;
    }
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
                if (!boundary || (after != ' ' && after != '(' && after != '"' && after != '\t') || !(then == '(' || then == '"' || (then >= 'a' && then <= 'z'))) continue;
                features.add(Sign::hidden_code, static_cast<std::uint32_t>(hit), 0, word, std::string_view(text).substr(hit, 300));
                break;
            }
    }
    if (!is_page && features.language != Language::jsp) return;
    if (has(source) && is_page) {
        if (has(command) && (features.language != Language::coldfusion || page.find("aspell") == page.npos) && !(features.language == Language::jsp && roles[command] == 1 && first[command] == "runtime" && page.find("getmethod") == page.npos)) add(Sign::request_command, command);
        if (has(code)) {
            // "Execute" and "eval" are words of ordinary ASP too (rs.Execute): then as a statement with the request.
            const bool strong = features.language != Language::asp || page.find("executeglobal") != page.npos || page.find("scriptcontrol") != page.npos || page.find("execute(request") != page.npos || page.find("eval(request") != page.npos || page.find("evalrequest") != page.npos || page.find("executerequest") != page.npos || (features.size < 1500 && (page.find(".execute") == page.npos || page.find("eval(") != page.npos));
            if (strong) add(Sign::request_code, code);
        }
        if (has(load) && (first[load] != "getdeclaredmethod" && first[load] != "classloader" && first[load] != "addfilter" && first[load] != "cfobject")) add(Sign::request_code, load);
    }
    if (is_page && !has(source) && features.language == Language::jsp && page.find("runtime.getruntime") != page.npos && page.find(".exec(") != page.npos) add(Sign::fixed_command, command);
    if (is_page && !has(source) && features.language == Language::aspx && page.find("process.start") != page.npos) add(Sign::fixed_command, command);
    if (page.find("/dev/tcp/") != page.npos) features.add(Sign::socket_shell, lower_find("/dev/tcp"), 0, "/dev/tcp", "/dev/tcp");
    if (page.find("\"yv66v") != page.npos) features.add(Sign::hidden_code, lower_find("yv66v"), 0, "a class in base64", std::string_view(text).substr(lower_find("yv66v"), 200));
    if (!is_page && features.language == Language::jsp && has(load) && first[load] == "defineclass") add(Sign::hidden_code, load);
    if (has(encoded)) add(Sign::hidden_code, encoded);
    if (escapes > 60) features.add(Sign::hidden_code, 0, 0, "escaped characters", text.substr(0, 300));
    if (!has(source) || !is_page) return;
    if (has(write)) add(Sign::write_file, write);
    if (has(upload)) add(Sign::upload, upload);
    if (has(read)) add(Sign::read_file, read);
    if (has(list)) add(Sign::list_folder, list);
    if (has(remove)) add(Sign::remove_file, remove);
    if (has(database)) add(Sign::database_login, database);
    if (has(connect)) add(Sign::connect, connect);
    if (has(environment)) add(Sign::environment, environment);
    if (has(write) && features.size < (features.language == Language::asp ? 2500 : 6000) && features.language != Language::coldfusion) add(Sign::request_write, write);
}

}  // namespace deadbox::plugins::webshell
