// Perl, Python, Ruby, shell, Lua and Node: what a CGI program does with its request, and shells tied to a socket.
#include <algorithm>
#include <array>
#include <set>

#include "webshell/inspect.hpp"

namespace deadbox::plugins::webshell {
namespace {

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// Expressions that are the request's, by language.
std::vector<std::string_view> sources(Language language) {
    switch (language) {
        case Language::perl: return {"param(", "->param", "->Vars", "cgi->", "$ENV{'QUERY", "$ENV{QUERY", "$ENV{\"QUERY", "$ENV{'REQUEST_URI", "$ENV{'PATH_INFO", "QUERY_STRING", "$in{", "$FORM{", "$form{", "$input{", "read(STDIN", "HTTP_", "url_param", "->Vars", "<STDIN>"};
        case Language::python: return {"FieldStorage", "QUERY_STRING", "request.json", "get_argument(", "environ['PATH_INFO", "query_params", "request.query", "web.input(", "self.path", "parse_qs(", "request.files", "bottle.request", "request.args", "request.form", "request.values", "getvalue(", "getfirst(", "request.GET", "request.POST", "request.data", "form[", "self.headers", "request.cookies", "rfile.read"};
        case Language::ruby: return {"params[", "cgi[", "req.query", "ENV['QUERY", "request.body", "QUERY_STRING", "request.params", "cgi.params"};
        case Language::shell: return {"$QUERY_STRING", "${QUERY_STRING", "$HTTP_", "$CONTENT_LENGTH", "$REQUEST_URI", "$QUERY_STRING", "QUERY_STRING"};
        case Language::lua: return {"ngx.var.arg", "get_uri_args", "get_post_args", "os.getenv(\"QUERY_STRING", "wsapi.request"};
        case Language::node: return {"req.query", "req.body", "req.url", "request.url", "req.headers", "url.parse("};
        default: return {};
    }
}
// What runs its argument.
struct Sink { std::string_view text; Sign sign; };
std::vector<Sink> sinks(Language language) {
    constexpr auto K = Sign::request_command, C = Sign::request_code;
    switch (language) {
        case Language::perl: return {{"system(", K}, {"system ", K}, {"exec(", K}, {"exec ", K}, {"`", K}, {"qx(", K}, {"qx{", K}, {"qx/", K}, {"open(", K}, {"eval(", C}, {"eval ", C}};
        case Language::python: return {{"os.system(", K}, {"os.popen(", K}, {"popen(", K}, {"Popen(", K}, {"check_output(", K}, {"getoutput(", K}, {"getstatusoutput(", K}, {"subprocess.call(", K}, {"subprocess.run(", K}, {"exec(", C}, {"exec ", C}, {"eval(", C}, {"execfile(", C}, {"commands.getoutput(", K}, {"create_subprocess_shell(", K}, {"pickle.loads(", C}, {"marshal.loads(", C}, {"compile(", C}, {"popen2(", K}, {"popen3(", K}};
        case Language::ruby: return {{"`", K}, {"system(", K}, {"system ", K}, {"exec(", K}, {"IO.popen(", K}, {"%x", K}, {"eval(", C}, {"Open3.", K}, {"instance_eval", C}};
        case Language::shell: return {{"eval ", K}, {"sh -c ", K}, {"bash -c ", K}, {"`$", K}, {"$($", K}};
        case Language::lua: return {{"os.execute(", K}, {"io.popen(", K}, {"loadstring(", C}, {"load(", C}};
        case Language::node: return {{"child_process", K}, {"eval(", C}, {"execSync(", K}, {"spawn(", K}, {"vm.run", C}, {"new Function(", C}};
        default: return {};
    }
}

std::string_view line_at(std::string_view text, std::size_t at) {
    auto from = at > 0 ? text.rfind('\n', at - 1) : text.npos;
    from = from == text.npos ? 0 : from + 1;
    if (at - from > 100) from = at - 100;
    const auto end = std::min({text.find('\n', at), text.size(), from + 300});
    return text.substr(from, end - from);
}
bool is_comment(std::string_view line) {
    const auto start = line.find_first_not_of(" \t");
    return start == line.npos || line[start] == '#';
}

// The variable that a line assigns: "my $x = ", "x = ", "X=".
std::string assigned(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == line.npos || equals == 0 || equals + 1 >= line.size() || line[equals + 1] == '=' || line[equals + 1] == '~') return {};
    auto end = equals;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == ')' || line[end - 1] == '.' || line[end - 1] == '|')) --end;
    auto start = end;
    while (start > 0 && is_name(line[start - 1])) --start;
    return std::string(line.substr(start, end - start));
}

bool mentions(std::string_view text, std::string_view name) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
        if ((at == 0 || !is_name(text[at - 1])) && (at + name.size() >= text.size() || !is_name(text[at + name.size()]))) return true;
    return false;
}

}  // namespace

void inspect_cgi(std::string_view text, Features& features, std::string&) {
    text = text.substr(0, 1u << 20);
    // Those that the text holds at all: most programs hold none.
    auto from = sources(features.language);
    std::erase_if(from, [&](auto source) { return text.find(source) == text.npos; });
    auto to = sinks(features.language);
    if (from.empty()) to.clear();
    std::erase_if(to, [&](const Sink& sink) { return text.find(sink.text) == text.npos; });
    std::set<std::string> tainted;
    bool any_source = false;
    // Two passes over the lines: assignments from the request, then on through other variables.
    for (int pass = 0; pass < 2 && !from.empty(); ++pass) {
        std::size_t at = 0;
        while (at < text.size() && tainted.size() < 200) {
            auto end = text.find('\n', at);
            if (end == text.npos) end = text.size();
            const auto line = text.substr(at, std::min<std::size_t>(end - at, 2000));
            at = end + 1;
            if (is_comment(line)) continue;
            const auto equals = line.find('=');
            const auto right = equals == line.npos ? line : line.substr(equals);
            const bool hit = std::any_of(from.begin(), from.end(), [&](auto s) { return right.find(s) != right.npos; });
            any_source |= hit;
            bool flows = hit;
            if (!flows && pass > 0)
                for (const auto& name : tainted) if (mentions(right, name)) { flows = true; break; }
            // A number or a quoted argument is no command.
            if (flows && (right.find("int(") != right.npos || right.find("quotemeta") != right.npos || right.find("quote(") != right.npos)) flows = false;
            if (flows) if (auto name = assigned(line); name.size() > 1 || (features.language == Language::perl && !name.empty())) tainted.insert(std::move(name));
        }
    }
    std::size_t at = 0;
    while (any_source && !to.empty() && at < text.size()) {
        auto end = text.find('\n', at);
        if (end == text.npos) end = text.size();
        const auto line = text.substr(at, std::min<std::size_t>(end - at, 2000));
        const auto offset = at;
        at = end + 1;
        if (is_comment(line)) continue;
        for (const auto& sink : to) {
            const auto hit = line.find(sink.text);
            if (hit == line.npos || (hit > 0 && is_name(line[hit - 1]) && is_name(sink.text[0]))) continue;
            const auto argument = line.substr(hit + sink.text.size());
            if (sink.text == "open(" && argument.find('|') == argument.npos) continue;
            const auto start = argument.find_first_not_of(" (\"'");
            if (start == argument.npos) continue;
            const auto value = argument.substr(start);
            // The request's value stands first: it is the command, not an argument of one.
            bool whole = false, part = false;
            for (const auto& s : from) {
                const auto place = value.find(s);
                if (place == value.npos) continue;
                (place < 12 ? whole : part) = true;
            }
            for (const auto& name : tainted) {
                const auto place = value.find(name);
                if (place == value.npos || !mentions(value, name)) continue;
                // Perl's variables have a sigil: "Couldn't exec sth" speaks of none.
                if (features.language == Language::perl && (hit + sink.text.size() + start + place == 0 || std::string_view("$@{").find(line[hit + sink.text.size() + start + place - 1]) == std::string_view::npos)) continue;
                (place <= 2 ? whole : part) = true;
            }
            if (features.language == Language::node && sink.text == "child_process") continue;
            if (whole) features.add(sink.sign, static_cast<std::uint32_t>(offset + hit), 0, sink.text, line_at(text, offset + hit));
            else if (part) features.add(Sign::partial_command, static_cast<std::uint32_t>(offset + hit), 0, sink.text, line_at(text, offset + hit));
        }
    }
    // A CGI program in shell that shows the file, or lists the folder, that the request names.
    if (features.language == Language::shell && any_source) {
        std::size_t from_line = 0;
        while (from_line < text.size()) {
            auto end = text.find('\n', from_line);
            if (end == text.npos) end = text.size();
            const auto line = text.substr(from_line, std::min<std::size_t>(end - from_line, 2000));
            const auto offset = static_cast<std::uint32_t>(from_line);
            from_line = end + 1;
            if (is_comment(line)) continue;
            for (const auto& [word, sign] : {std::pair<std::string_view, Sign>{"cat ", Sign::read_file}, {"ls ", Sign::list_folder}, {"rm ", Sign::remove_file}, {"wget ", Sign::remote_dropper}, {"of=", Sign::write_file}}) {
                const auto hit = line.find(word);
                if (hit == line.npos || (hit > 0 && is_name(line[hit - 1]))) continue;
                const auto value = line.substr(hit + word.size());
                const bool named = value.find("$QUERY_STRING") < 12 || value.find("${QUERY_STRING") < 12 || std::any_of(tainted.begin(), tainted.end(), [&](const auto& name) { return value.find('$' + name) < 12; });
                if (named || (sign == Sign::write_file && line.find("CONTENT_LENGTH") != line.npos)) features.add(sign, offset, 0, word, line.substr(0, 300));
            }
        }
    }
    // A shell tied to a socket.
    const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
    bool shell = false;
    std::string_view where;
    switch (features.language) {
        case Language::perl: shell = has("ocket") && (has(">&") || has("<&")) && (has("STDIN")) && (has("/bin/sh") || has("/bin/bash") || has("exec")) && (has("connect") || has("accept") || has("IO::Socket")); where = "STDIN"; break;
        case Language::python: shell = has("socket") && ((has("dup2(") && (has("/bin/sh") || has("/bin/bash") || has("pty.spawn") || has("subprocess"))) || (has("recv(") && (has("Popen(") || has("popen(") || has("os.system(") || has("getoutput(") || has("check_output(")) && has("connect(") && features.size < 60'000)); where = has("dup2(") ? "dup2(" : "recv("; break;
        case Language::ruby: shell = (has("TCPSocket") || has("TCPServer")) && (has("IO.popen") || has("exec") || has("/bin/sh") || has("popen")); where = "TCPS"; break;
        case Language::shell: shell = has("/dev/tcp/") || ((has("nc ") || has("ncat ") || has("netcat ")) && (has(" -e /bin") || has("-e sh") || has("mkfifo") || has("mknod") || has("-c /bin"))); where = has("/dev/tcp/") ? "/dev/tcp/" : "nc"; break;
        case Language::lua: shell = has("socket") && has("connect") && (has("io.popen") || has("os.execute")); where = "socket"; break;
        case Language::node: shell = has("net.connect") || has("net.Socket") ? has("/bin/sh") && has("spawn") : false; where = "/bin/sh"; break;
        default: break;
    }
    if (shell && features.size < 100'000) {
        const auto place = text.find(where);
        features.add(Sign::socket_shell, static_cast<std::uint32_t>(place == text.npos ? 0 : place), 0, where, line_at(text, place == text.npos ? 0 : place));
    }
    if (any_source) {
        if (has("opendir") || has("os.listdir") || has("Dir.") || has("ls -")) features.add(Sign::list_folder, 0, 0, "", "");
        if (has("uname") || has("whoami") || has("/etc/passwd")) features.add(Sign::environment, 0, 0, "", "");
        if (has("unlink") || has("os.remove") || has("rename")) features.add(Sign::remove_file, 0, 0, "", "");
        if (has("upload")) features.add(Sign::upload_checked, 0, 0, "", "");
    }
}

}  // namespace deadbox::plugins::webshell
