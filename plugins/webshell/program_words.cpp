#include "webshell/program_words.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/text_set.hpp"

namespace deadbox::plugins::webshell {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

namespace {

constexpr std::size_t k_small_program = 8000;

constexpr std::string_view k_python_sources[] = {"request.args", "request.form", "request.values", "request.data", "request.json", "request.get_json", "request.cookies", "request.headers", "request.files", "request.GET", "request.POST", "request.META", "request.body",
    "request.query", "request.params", "request.get_data", "request.stream", "request.COOKIES", "req.json", "req.body", "req.params", "req.query", "req.form", "FieldStorage", ".getvalue(", ".getfirst(", "environ[QUERY_STRING", "environ.get(QUERY_STRING", "environ[HTTP_", "environ.get(HTTP_",
    "environ[wsgi.input", "environ[PATH_INFO", "environ.get(PATH_INFO", "env[QUERY_STRING", "env[PATH_INFO", "getenv(QUERY_STRING", "getenv(HTTP_", ".get_argument(", "get_query_argument(", "get_body_argument(", "self.path", "self.rfile", "self.headers", "web.input", "sys.stdin", "environ.get(wsgi.input", "environ[REQUEST_URI", "environ.get(REQUEST_URI", "environ[CONTENT_TYPE", "getenv(PATH_INFO", "request.path_params", "request.query_params", "request.post", "request.text", "request.read", "request.match_info", "request.rel_url"};
constexpr std::string_view k_perl_sources[] = {"param(", "Vars", ".parameters", "ENV[QUERY_STRING", "ENV[HTTP_", "ENV[PATH_INFO", "ENV[REQUEST_URI", "<STDIN", "FORM[", "form[", "in[", "input[", "url_param(", "query_param", ".body_parameters"};
constexpr std::string_view k_ruby_sources[] = {"params[", ".params", "cgi[", "CGI.new[", "req.query", "req.body", "request.body", "request.query_string", "ENV[QUERY_STRING", "ENV[HTTP_", "env[QUERY_STRING", "env[HTTP_", "params.fetch(", "params.values", "STDIN.read", "STDIN.gets", "stdin.read", "stdin.gets", "ARGF.read", "ENV[PATH_INFO", "ENV.fetch(QUERY_STRING", "ENV.fetch(HTTP_", "ENV[REQUEST_URI"};
constexpr std::string_view k_node_sources[] = {"req.query", "req.body", "req.url", "req.headers", "req.params", "req.cookies", "request.query", "request.body", "request.url", "request.headers", "request.params", "ctx.query", "ctx.request", "ctx.params", "ctx.url", "req.get(", "req.header(", "ctx.get(", "ctx.headers", "searchParams", "env.QUERY_STRING", "env.HTTP_", "env.PATH_INFO", "env.REQUEST_URI", "env[QUERY_STRING", "env[HTTP_", "env[PATH_INFO", "env[REQUEST_URI", "process.stdin", "readFileSync(0", "readFileSync(/dev/stdin"};
constexpr std::string_view k_lua_sources[] = {"ngx.var.", "get_uri_args", "get_post_args", "get_body_data", "req.get_headers", "os.getenv(QUERY_STRING", "os.getenv(HTTP_", ":parseargs(", ":parsebody(", "r.args", "io.read("};
// Fetched from another machine, and read from a connection.
constexpr std::string_view k_remote[] = {"requests.get(", "requests.post(", "urlopen(", "httpx.get(", "LWP.Simple.get(", "Net.HTTP.get(", "URI.open(", "axios.get(", "fetch(", "http.request("};
constexpr std::string_view k_sockets[] = {".recv(", "TCPSocket.", "TCPServer.", "IO.Socket.INET.new", "IO.Socket.new", "socket.tcp", "socket.connect", "socket.bind("};

constexpr auto K = Sign::request_command, C = Sign::request_code, N = Sign::request_callable;
constexpr ProgramDeed k_python_deeds[] = {{"os.system", K}, {"os.popen", K}, {"os.popen2", K}, {"os.popen3", K}, {"os.popen4", K}, {"os.execl", K}, {"os.execv", K}, {"os.execvp", K}, {"os.execlp", K}, {"os.execle", K}, {"os.execlpe", K}, {"os.execve", K}, {"os.execvpe", K}, {"os.spawnl", K}, {"os.spawnlp", K}, {"os.spawnv", K}, {"os.spawnvp", K}, {"os.posix_spawn", K}, {"os.posix_spawnp", K}, {"libc.system", K}, {"libc.popen", K}, {"libc.execl", K}, {"libc.execlp", K}, {"posix.system", K}, {"posix.popen", K}, {"popen2.popen2", K}, {"popen2.popen3", K}, {"popen2.popen4", K}, {"subprocess.run", K}, {"subprocess.call", K}, {"subprocess.Popen", K}, {"subprocess.check_output", K},
    {"subprocess.check_call", K}, {"subprocess.getoutput", K}, {"subprocess.getstatusoutput", K}, {"commands.getoutput", K}, {"commands.getstatusoutput", K}, {"asyncio.create_subprocess_shell", K}, {"asyncio.create_subprocess_exec", K}, {"pty.spawn", K}, {"pexpect.spawn", K}, {"pexpect.run", K},
    {"exec", C}, {"eval", C}, {"execfile", C}, {"pickle.loads", C}, {"cPickle.loads", C}, {"marshal.loads", C}, {"builtins.exec", C}, {"builtins.eval", C}, {"__builtins__.exec", C}, {"__builtins__.eval", C}, {"importlib.import_module", N}, {"__import__", N}};
constexpr ProgramDeed k_perl_deeds[] = {{"system", K}, {"exec", K}, {"open", K}, {"open2", K}, {"open3", K}, {"CORE::system", K}, {"eval", C}};
constexpr ProgramDeed k_ruby_deeds[] = {{"system", K}, {"exec", K}, {"spawn", K}, {"IO.popen", K}, {"PTY.spawn", K}, {"Open3.capture2", K}, {"Open3.capture2e", K}, {"Open3.capture3", K}, {"Open3.popen3", K}, {"Open3.popen2e", K}, {"Open3.popen2", K}, {"Kernel.system", K}, {"Kernel.exec", K}, {"Process.spawn", K}, {"eval", C}, {"Kernel.eval", C}, {"instance_eval", C}, {"class_eval", C}, {"Marshal.load", C}, {"Kernel.send", N}, {"Object.send", N}, {"Kernel.public_send", N}, {"send", N}};
constexpr ProgramDeed k_node_deeds[] = {{"child_process.exec", K}, {"child_process.execSync", K}, {"child_process.spawn", K}, {"child_process.spawnSync", K}, {"child_process.execFile", K}, {"child_process.execFileSync", K}, {"eval", C}, {"Function", C}, {"vm.runInThisContext", C}, {"vm.runInNewContext", C}, {"vm.runInContext", C}, {"vm.Script", C}, {"vm.compileFunction", C}, {"unserialize", C}};
constexpr ProgramDeed k_lua_deeds[] = {{"os.execute", K}, {"io.popen", K}, {"load", C}, {"loadstring", C}};

// Words of which a program needs one of each kind: most hold none of one, and that is told in one pass over them.
struct Needs {
    std::vector<std::string_view> runs, takes;
};
const Needs& needs_of(Language language) {
    static const std::map<Language, Needs> all{
        {Language::python, {{"os.system", "popen", "Popen", "subprocess", "exec", "eval(", "pickle.loads", "marshal.loads", "commands.get", "import_module", "__import__", "pty.spawn", "pexpect", "posix", "CDLL", "LoadLibrary", "methodcaller", "vars(", "__dict__"}, {"request", "environ", "FieldStorage", "getenv", "get_argument", "self.path", "self.rfile", "self.headers", "web.input", "sys.stdin", "recv(", "urlopen(", "start_server", "req.", "decompress", "b64decode", "route(", "Request", "FastAPI", "APIRouter", "HTTP_", "wsgi.input"}}},
        {Language::perl, {{"system", "exec", "open", "eval", "`", "qx", "&$", "&{\"", "&{\\", "/ee", "}ee"}, {"param", "Vars", "ENV{", "STDIN", "FORM", "form{", "in{", "input{", "IO::Socket", "recv", "LWP::Simple"}}},
        {Language::ruby, {{"system", "exec", "spawn", "popen", "`", "%x", "Open3", "eval", "send", "Marshal.load"}, {"params", "cgi", "CGI", "req", "ENV[", "ENV.", "STDIN", "$stdin", "ARGF", "TCPSocket", "TCPServer", "open-uri", "Net::HTTP"}}},
        // Scripts for browsers have eval() too, and nothing that answers a request.
        {Language::node, {{"child_", "vm.run", "vm.Script", "express\"", "express'", "koa", "fastify", "createServer(", "QUERY_STRING", "env.HTTP_", "env[", "process.stdin", "readFileSync(0", "/dev/stdin"}, {"req.", "req,", "request.", "ctx.", "searchParams", "createServer(", "net.", "http.get(", "QUERY_STRING", "HTTP_", "PATH_INFO", "REQUEST_URI", "process.stdin", "readFileSync(0", "/dev/stdin", ".body", ".query", ".headers", ".params", "body.", "body }", "body}", "query.", "query }", "query}"}}},
        {Language::lua, {{"os.execute", "io.popen", "loadstring", "load("}, {"ngx.", "getenv", "parseargs", "parsebody", "r.args", "io.read", "socket"}}},
    };
    static const Needs none;
    const auto found = all.find(language);
    return found == all.end() ? none : found->second;
}

// Perl's words stand in many names: system and exec with a variable, open() with a pipe, eval with more than a block.
bool runs_variable(std::string_view text) {
    const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '%' || c == '-' || c == '\'' || c == '"' || c == '>' || c == '{'; };
    const auto line_from = [&](std::size_t at) { return text.substr(at, std::min<std::size_t>(text.find('\n', at), at + 300) - at); };
    for (auto at = text.find('`'); at != text.npos; at = text.find('`', at + 1)) {
        const auto line = line_from(at + 1);
        if (const auto end = line.find('`'); end != line.npos) {
            if (line.substr(0, end).find_first_of("$@") != line.npos) return true;
            at += end + 1;
        }
    }
    for (const std::string_view w : {"qx", "open2", "open3"}) if (text.find(w) != text.npos) return true;
    if (text.size() < k_small_program) for (const std::string_view w : {"&$", "&{\"", "&{\\", "/ee", "}ee"}) if (text.find(w) != text.npos) return true;
    for (const std::string_view w : {"system", "exec", "open", "eval"})
        for (auto at = text.find(w); at != text.npos; at = text.find(w, at + 1)) {
            auto next = at + w.size();
            if ((at > 0 && is_word(text[at - 1])) || (next < text.size() && is_word(text[next]) && text[next] != '"' && text[next] != '$' && text[next] != '{')) continue;
            while (next < text.size() && text[next] == ' ') ++next;
            if (next >= text.size() || (w == "eval" && text[next] == '{') || text[next] == '=' || text[next] == ',' || text[next] == '}') continue;
            const auto line = line_from(next);
            if (w == "open" ? line.find('|') != line.npos && line.find('$') != line.npos : line.find_first_of("$@<") != line.npos || w == "eval") return true;
        }
    return false;
}

}  // namespace

bool looks_up_pieces(std::string_view text, Language language) {
    const auto has = [&](std::string_view word) { return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr; };
    const auto has_any = [&](std::initializer_list<std::string_view> words) { return std::any_of(words.begin(), words.end(), has); };
    if (language == Language::python) return has_any({"getattr(", "globals()", "__dict__", "vars("}) && has_any({"\"+\"", "'+'", "\" + \"", "' + '", "chr(", "[::-1]", "\".join(", "'.join("});
    if (language == Language::ruby) return has_any({"method(", "const_get("}) && has_any({"\"+\"", "'+'", "\" + \"", "' + '", ".chr", ".reverse"});
    if (language != Language::node) return false;
    // require("child" + "_process"): pieces up to the parenthesis.
    for (auto at = text.find("require("); at != text.npos; at = text.find("require(", at + 8)) {
        const auto argument = text.substr(at + 8, std::min<std::size_t>(text.find(')', at + 8) == text.npos ? 0 : text.find(')', at + 8) - at - 8, 60));
        if (argument.find('+') != argument.npos && argument.find_first_of("'\"") == 0) return true;
    }
    return false;
}

std::span<const std::string_view> sources_of(Language l) {
    switch (l) {
        case Language::python: return k_python_sources;
        case Language::perl: return k_perl_sources;
        case Language::ruby: return k_ruby_sources;
        case Language::node: return k_node_sources;
        default: return k_lua_sources;
    }
}
std::span<const ProgramDeed> deeds_of(Language l) {
    switch (l) {
        case Language::python: return k_python_deeds;
        case Language::perl: return k_perl_deeds;
        case Language::ruby: return k_ruby_deeds;
        case Language::node: return k_node_deeds;
        default: return k_lua_deeds;
    }
}

std::span<const std::string_view> remote_sources() { return k_remote; }
std::span<const std::string_view> connections() { return k_sockets; }
bool is_remote_source(std::string_view chain) { return std::any_of(std::begin(k_remote), std::end(k_remote), [&](auto s) { return chain.find(s) != chain.npos; }); }
bool is_connection(std::string_view chain) { return std::any_of(std::begin(k_sockets), std::end(k_sockets), [&](auto s) { return chain.find(s) != chain.npos; }); }

bool is_cleaner(std::string_view f) {
    static const std::unordered_set<std::string_view> all{"int", "float", "len", "bool", "quote", "escape", "shlex.quote", "html.escape", "length", "quotemeta", "hex", "oct", "uc", "escapeHTML", "shell_quote", "parseInt", "parseFloat", "Number", "Boolean", "to_i", "to_f", "size", "isdigit", "isalnum", "basename", "secure_filename", "md5", "sha1", "sha256",
                      "hexdigest", "md5_hex", "sha1_hex", "tonumber", "tointeger", "shellescape", "shelljoin", "count", "index", "find", "indexOf", "includes", "startswith", "startsWith", "endswith", "test", "exists", "isfile", "isdir", "defined", "ref", "ord", "sizeof", "has_key", "start_with?", "match?", "nil", "empty"};
    return all.contains(f);
}

bool is_passing(std::string_view f) {
    static const std::unordered_set<std::string_view> all{"str", "bytes", "unicode", "unquote", "unquote_plus", "b64decode", "urlsafe_b64decode", "b85decode", "a85decode", "b32decode", "b16decode", "fromhex", "unhexlify", "a2b_base64", "decompress", "decode", "loads", "dict", "list", "tuple", "strip", "iter", "next", "parse_qs", "parse_qsl", "urlparse", "urlsplit", "split", "shlex.split", "read", "getattr", "reversed",
                      "String", "decodeURIComponent", "unescape", "atob", "from", "parse", "toString", "uri_unescape", "url_decode", "urldecode", "unescape_uri", "decode_base64", "trim", "chomp", "lc", "ucfirst", "substr", "scalar", "reverse", "to_s", "unescape_url", "unescapeHTML", "decode64", "strict_decode64", "decode_www_form_component",
                      "unpack", "pack", "un_urlize", "tostring", "unescape_url", "decode_args", "sub", "gsub", "first", "values", "decode_json", "from_json", "decode_utf8", "param", "await", "new", "URL", "lstrip", "rstrip", "replace", "compile", "StringIO", "BytesIO", "chr", "map", "filter", "sorted", "lambda"};
    return all.contains(f);
}
std::uint16_t traits_of(std::string_view word) {
    static const auto all = [] {
        std::unordered_map<std::string_view, std::uint16_t> traits;
        const auto set = [&](std::uint16_t trait, std::initializer_list<std::string_view> words) { for (const auto w : words) traits[w] |= trait; };
        set(word_opener, {"my", "our", "local", "const", "let", "var", "await", "new", "return", "yield", "do", "async", "throw", "print", "puts", "echo", "void", "typeof", "lambda", "in", "then", "else"});
        set(word_ender, {"if", "unless", "while", "until", "for", "foreach", "and", "or", "in", "then", "do", "xor"});
        set(word_condition, {"if", "unless", "while", "until", "for", "foreach"});
        set(word_looper, {"for", "foreach"});
        set(word_comparer, {"eq", "ne", "x", "lt", "gt", "is", "cmp"});
        set(word_negation, {"not", "eq", "ne"});
        set(word_lister, {"map", "grep", "sort"});
        set(word_reader, {"read", "sysread", "recv"});
        set(word_definer, {"def", "sub", "function"});
        set(word_arguments, {"shift", "_"});
        return traits;
    }();
    const auto found = all.find(word);
    return found == all.end() ? std::uint16_t{0} : found->second;
}
bool is_shell(std::string_view program) {
    const auto slash = program.rfind('/');
    const auto name = slash == program.npos ? program : program.substr(slash + 1);
    return one_of(name, {"sh", "bash", "dash", "ash", "zsh", "ksh", "csh", "cmd", "cmd.exe", "powershell", "powershell.exe", "su", "sudo", "eval"});
}
bool opens_command(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\"'(");
    if (from == text.npos) return true;
    text.remove_prefix(from);
    const auto blank = text.find(' ');
    if (blank != text.npos && is_shell(text.substr(0, blank))) return true;
    const auto end = text.find_last_not_of(" \t");
    return text.size() > 2 && (text[end] == ';' || text.substr(0, end + 1).ends_with("&&") || text[end] == '|');
}

const TellingWords& telling_words(Language language) {
    static std::map<Language, TellingWords> all;
    const auto [place, fresh] = all.try_emplace(language);
    auto& [sources, deeds, codes, names] = place->second;
    if (!fresh) return place->second;
    const auto add = [&](auto first, auto last) {
        for (; first != last; ++first)
            for (std::size_t from = 0; from < first->size();) {
                const auto end = std::min(first->find_first_of(".[(<:", from), first->size());
                if (end > from) sources.insert(first->substr(from, end - from));
                from = end + 1;
            }
    };
    const auto known = sources_of(language);
    add(known.begin(), known.end());
    add(std::begin(k_remote), std::end(k_remote));
    add(std::begin(k_sockets), std::end(k_sockets));
    if (language == Language::perl) for (const std::string_view w : {"shift", "_", "IO::Socket::INET", "IO::Socket", "HTTP_"}) sources.insert(w);
    // Words of every program tell nothing; their sources have another word, which does.
    for (const std::string_view w : {"new", "get", "self", "sys", "values", "open", "tcp", "connect", "bind"}) sources.erase(w);
    for (const auto& d : deeds_of(language)) (d.sign == C ? codes : deeds).insert(d.callee.substr(0, d.callee.find('.')));
    return place->second;
}

bool may_execute(std::string_view text, Language language) {
    struct Known {
        std::vector<std::string_view> all;
        std::optional<base::TextSet> set;
    };
    static std::map<Language, Known> languages;
    const auto& needs = needs_of(language);
    if (needs.runs.empty()) return false;
    // Most of a server's files in this language are for browsers: one word after the other is told faster.
    if (language == Language::node && std::none_of(needs.runs.begin(), needs.runs.end(), [&](auto w) { return memmem(text.data(), text.size(), w.data(), w.size()) != nullptr; }) && !looks_up_pieces(text, language)) return false;
    auto& [all, set] = languages[language];
    if (!set) {
        all = needs.runs;
        all.insert(all.end(), needs.takes.begin(), needs.takes.end());
        set.emplace(all);
    }
    const auto held = set->in(text);
    const auto middle = held.begin() + static_cast<std::ptrdiff_t>(needs.runs.size());
    return std::find(middle, held.end(), true) != held.end() && (std::find(held.begin(), middle, true) != middle || looks_up_pieces(text, language)) && (language != Language::perl || runs_variable(text));
}

}  // namespace deadbox::plugins::webshell
