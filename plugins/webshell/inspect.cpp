#include "webshell/inspect.hpp"
#include "plugin/secret_value.hpp"
#include "webshell/server_page.hpp"
#include "webshell/verdict.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace deadbox::plugins::webshell {
namespace {

struct Extension { std::string_view end; Language language; };
constexpr Extension k_extensions[] = {
    {"php", Language::php}, {"phtml", Language::php}, {"php3", Language::php}, {"php4", Language::php}, {"php5", Language::php}, {"php6", Language::php},
    {"php7", Language::php}, {"php8", Language::php}, {"pht", Language::php}, {"phar", Language::php}, {"inc", Language::php}, {"phps", Language::php},
    {"jsp", Language::jsp}, {"jspx", Language::jsp}, {"jspf", Language::jsp}, {"asp", Language::asp}, {"asa", Language::asp}, {"cer", Language::asp}, {"cdx", Language::asp},
    {"aspx", Language::aspx}, {"ashx", Language::aspx}, {"asmx", Language::aspx}, {"ascx", Language::aspx}, {"cfm", Language::coldfusion}, {"cfc", Language::coldfusion}, {"cfml", Language::coldfusion},
    {"pl", Language::perl}, {"pm", Language::perl}, {"cgi", Language::perl}, {"py", Language::python}, {"wsgi", Language::python}, {"rb", Language::ruby}, {"sh", Language::shell}, {"lua", Language::lua}, {"js", Language::node},
    {"shtml", Language::ssi}, {"shtm", Language::ssi}, {"stm", Language::ssi},
};

Language of_interpreter(std::string_view line) {
    struct Interpreter { std::string_view word; Language language; };
    static constexpr Interpreter all[] = {{"php", Language::php}, {"perl", Language::perl}, {"python", Language::python}, {"ruby", Language::ruby}, {"lua", Language::lua}, {"node", Language::node}, {"sh", Language::shell}, {"awk", Language::shell}};
    for (const auto& [word, language] : all) if (line.find(word) != line.npos) return language;
    return Language::none;
}

// "<?php", "<?=" or "<?" with code behind it; accidents in binary data have none.
bool has_php(std::string_view text) {
    if (text.starts_with(std::string_view("\xff\xfe<\0?\0", 6)) || text.starts_with(std::string_view("\xfe\xff\0<\0?", 6))) return true;  // UTF-16
    for (std::size_t at = text.find("<?"); at != text.npos; at = text.find("<?", at + 2)) {
        const auto rest = text.substr(at + 2, 200);
        if (rest.size() >= 4 && plugin::lowered(rest.substr(0, 3)) == "php" && (rest[3] == ' ' || rest[3] == '\n' || rest[3] == '\r' || rest[3] == '\t' || rest[3] == '/')) return true;
        std::size_t printable = 0;
        while (printable < rest.size() && (static_cast<unsigned char>(rest[printable]) >= 32 || rest[printable] == '\n' || rest[printable] == '\r' || rest[printable] == '\t') && static_cast<unsigned char>(rest[printable]) < 127) ++printable;
        // "<?" and a line's end begin PHP where a comment or a statement follows, whatever language the comment is in.
        if (!rest.empty() && (rest[0] == '\n' || rest[0] == '\r' || rest[0] == ' ')) {
            const auto start = rest.find_first_not_of(" \r\n\t");
            const auto code = start == rest.npos ? std::string_view{} : rest.substr(start);
            if (code.starts_with("/*") || code.starts_with("//") || code.starts_with("##") || code.starts_with("$") || code.starts_with("@")) return printable >= 4;
        }
        if (printable < 8) continue;
        const auto code = rest.substr(0, printable);
        if (code.starts_with("xml") || code.starts_with("xpacket")) continue;
        if (code[0] == '=' && (code.find('$') != code.npos || code.find('(') != code.npos || code.find('`') != code.npos)) return true;
        if ((code[0] == ' ' || code[0] == '\n' || code[0] == '\r' || code[0] == '\t' || code[0] == '@' || code[0] == '$' || code.starts_with("eval") || code.starts_with("assert")) && (code.find('(') != code.npos || code.find('$') != code.npos || code.find(';') != code.npos)) return true;
    }
    const auto script = text.find("<script");
    if (script != text.npos) {
        const auto tag = plugin::lowered(text.substr(script, 60));
        if (tag.find("language") != tag.npos && tag.find("php") < tag.find('>')) return true;
    }
    return false;
}

// Names that make a page of a file, whatever it holds.
bool is_page_name(std::string_view path) {
    const auto dot = path.rfind('.');
    if (dot == path.npos || path.find('/', dot) != path.npos) return false;
    const auto end = plugin::lowered(path.substr(dot + 1));
    return std::any_of(std::begin(k_extensions), std::end(k_extensions), [&](const auto& e) {
        return e.end == end && (e.language == Language::jsp || e.language == Language::asp || e.language == Language::aspx || e.language == Language::coldfusion);
    });
}

// Names of templates whose "<%" is another language's: ERB, EJS, Mason, Mako, Embedded Perl.
bool is_template_name(std::string_view name) {
    static constexpr std::array<std::string_view, 17> ends{".erb", ".rhtml", ".ejs", ".ect", ".eco", ".jst", ".mas", ".mason", ".mhtml", ".mc", ".mi", ".mako", ".mao", ".epl", ".ep", ".leex", ".eex"};
    return std::any_of(ends.begin(), ends.end(), [&](auto end) { return name.ends_with(end); });
}

}  // namespace

bool is_carrier(std::string_view head) {
    static constexpr std::array<std::string_view, 11> magics{"GIF8", "\xff\xd8\xff", "\x89PNG", std::string_view("\0\0\1\0", 4), "PK\3\4", "BM", "RIFF", "%PDF", "II*", "MM", "<svg"};
    return std::any_of(magics.begin(), magics.end(), [&](auto m) { return head.starts_with(m); });
}

Language carried_language(std::string_view text) {
    if (has_php(text)) return Language::php;
    for (const auto& block : page_blocks(text)) {
        const auto code = block.code.size() < 65536 ? bare_code(block.code) : std::string{};
        if (!block.closed || code.find("request") == code.npos || (code.find("eval") == code.npos && code.find("execute") == code.npos)) continue;
        return code.find("item") != code.npos ? Language::aspx : Language::asp;
    }
    return Language::none;
}

Language language_of(std::string_view path, std::string_view head) {
    const auto slash = path.rfind('/');
    const auto name = plugin::lowered(slash == path.npos ? path : path.substr(slash + 1));
    if (name == ".htaccess" || name == "htaccess.txt") return Language::htaccess;
    if (name == ".user.ini" || name == "php.ini") return Language::user_ini;
    if (head.starts_with("#!")) {
        const auto line = head.substr(0, std::min<std::size_t>(head.find('\n'), 120));
        if (const auto l = of_interpreter(line); l != Language::none) return l == Language::shell && has_php(head.substr(0, 4096)) ? Language::php : l;
    }
    const auto dot = name.rfind('.');
    if (dot != name.npos) {
        const std::string_view end = std::string_view(name).substr(dot + 1);
        for (const auto& e : k_extensions)
            if (e.end == end) {
                // A script may lie under another script's name, and .inc or .cgi say little.
                if (e.language == Language::php || e.language == Language::node || e.language == Language::perl || e.language == Language::shell || e.language == Language::python) {
                    if (e.language != Language::php && has_php(head)) return Language::php;
                    if (e.language == Language::php && !has_php(head))
                        if (const auto l = page_language(head); l != Language::none) return l;
                } else if (has_php(head) && head.find("<%") == head.npos) return Language::php;
                else if (e.language == Language::asp) {
                    const auto low = plugin::lowered(head.substr(0, 2000));
                    if (low.find("language=\"c#\"") != low.npos || low.find("language=\"jscript\"") != low.npos) return Language::aspx;
                    if (low.find("language=\"java\"") != low.npos || low.find("import=\"java.") != low.npos) return Language::jsp;
                }
                return e.language;
            }
    }
    // Anything else: by what it holds.
    if (has_php(head)) return Language::php;
    // A directive that runs something: a comment to whoever reads the page.
    if ((name.ends_with(".html") || name.ends_with(".htm")) && head.find("<!--#exec ") != head.npos) return Language::ssi;
    if (is_carrier(head)) return carried_language(head);
    if (!is_template_name(name) && head.find('\0') == head.npos) return page_language(head);
    return Language::none;
}

namespace {

Inspection read_script(std::string_view text, std::string_view path, Language language) {
    Inspection result;
    auto& f = result.features;
    std::string alone;
    f.language = language;
    f.size = text.size();
    f.in_image = is_carrier(text);
    measure_text(text.substr(0, 4u << 20), f);
    switch (language) {
        case Language::php: inspect_php(text, f, result.decoded); break;
        case Language::jsp: case Language::asp: case Language::aspx: case Language::coldfusion:
            // Where the name makes no page of it, only the code between the marks counts.
            inspect_server_page(is_page_name(path) || f.in_image || language == Language::coldfusion ? text : (alone = code_alone(text.substr(0, 2u << 20))), f, result.decoded);
            break;
        case Language::htaccess: case Language::user_ini:
            inspect_handler(text, f);
            if (has_php(text)) inspect_php(text, f, result.decoded);
            break;
        case Language::ssi: inspect_directives(text, f); break;
        case Language::none: break;
        default: inspect_cgi(text, f, result.decoded);
    }
    if (language != Language::htaccess && language != Language::user_ini && language != Language::none) inspect_rules(text.substr(0, 4u << 20), result.decoded, f);
    inspect_words(text, result.decoded, f);
    return result;
}

// Whether "<?" by itself opens PHP is a setting (short_open_tag). Where it does not, it is text, and what it would have
// swallowed, "<? /* <?php ...", is code: the text without such tags, each byte in its place. Nothing where that changes nothing.
std::optional<std::string> without_short_tags(std::string_view text) {
    std::optional<std::string> out;
    std::vector<std::size_t> passed;  // short tags since the last long one
    for (auto at = text.find("<?"); at != text.npos; at = text.find("<?", at + 2)) {
        const auto rest = plugin::lowered(text.substr(at + 2, 7));
        if (rest.starts_with("xml") || rest.starts_with("xpacket")) continue;
        if (!rest.starts_with('=') && !rest.starts_with("php")) { passed.push_back(at); continue; }
        if (!passed.empty() && !out) out.emplace(text);
        for (const auto place : passed) (*out)[place] = (*out)[place + 1] = ' ';
        passed.clear();
    }
    return out;
}

}  // namespace

Inspection inspect(std::string_view text, std::string_view path, Language language) {
    auto result = read_script(text, path, language);
    if (language != Language::php) return result;
    const auto plain = without_short_tags(text);
    if (!plain) return result;
    // Read both ways, the worse one counts. What the tags that were left out define is not undefined.
    auto other = read_script(*plain, path, language);
    for (const auto sign : {Sign::undefined_code, Sign::undefined_command, Sign::undefined_callable}) other.features[sign] = {};
    return judge(other.features).level > judge(result.features).level ? other : result;
}

}  // namespace deadbox::plugins::webshell
