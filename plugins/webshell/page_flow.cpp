#include "webshell/page_flow.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_most_flow_text = 400'000, k_longest_statement = 2000, k_most_statements = 20'000, k_most_names = 400;
constexpr int k_passes = 4;

enum Reach : std::uint8_t { nothing, some, all_of_it };  // how much of a value the request decides: "all" from its first byte

bool of_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

struct Statement {
    std::size_t offset;
    std::string text;  // lower case, single blanks, none beside marks
};

// Names that a value passes through unchanged: conversions, trims.
constexpr std::string_view k_passing[] = {"(", "trim(", "cstr(", "string(", "(string)", "tostring(", "new string(", "server.mappath(", "mappath(", "string.valueof(", "urldecoder.decode(", "server.urldecode(", "httputility.urldecode(",
                                          "path.combine(", "replace(", "lcase(", "convert.tostring(", "request.mappath(", "application.getrealpath(", "@", "new file(", "new java.io.file(", "new directoryinfo(", "new fileinfo(", "new uri(", "new url("};

constexpr std::string_view k_sources[] = {"request(\"", "request('", "request[", "request.form", "request.querystring", "request.item", "request.params", "request.getparameter(", "request.headers", "request.cookies", "request.getheader(", ".getparameter("};
// Text fields of a page's own form; what they hold is the request's too.
constexpr std::string_view k_fields[] = {".text", ".value"};

struct Deed {
    Language language;  // none: of all
    std::string_view text;
    Sign sign;
    std::string_view detail;
    bool behind_comma = false;  // the value is the second argument
};
constexpr Deed k_deeds[] = {
    {Language::aspx, "sqlcommand(", Sign::sql_console, k_requests_query}, {Language::aspx, "oledbcommand(", Sign::sql_console, k_requests_query}, {Language::aspx, "odbccommand(", Sign::sql_console, k_requests_query},
    {Language::aspx, "sqldataadapter(", Sign::sql_console, k_requests_query}, {Language::aspx, "oledbdataadapter(", Sign::sql_console, k_requests_query}, {Language::aspx, ".commandtext=", Sign::sql_console, k_requests_query},
    {Language::jsp, "executequery(", Sign::sql_console, k_requests_query}, {Language::jsp, "executeupdate(", Sign::sql_console, k_requests_query}, {Language::jsp, "preparestatement(", Sign::sql_console, k_requests_query}, {Language::jsp, "stmt.execute(", Sign::sql_console, k_requests_query},
    {Language::asp, "conn.execute(", Sign::sql_console, k_requests_query}, {Language::asp, "conn.execute ", Sign::sql_console, k_requests_query}, {Language::asp, "rs.open ", Sign::sql_console, k_requests_query}, {Language::asp, ".commandtext=", Sign::sql_console, k_requests_query},
    {Language::aspx, "sqlconnection(", Sign::database_login, k_requests_server}, {Language::aspx, "oledbconnection(", Sign::database_login, k_requests_server}, {Language::aspx, "odbcconnection(", Sign::database_login, k_requests_server},
    {Language::aspx, ".connectionstring=", Sign::database_login, k_requests_server}, {Language::jsp, "drivermanager.getconnection(", Sign::database_login, k_requests_server}, {Language::asp, "conn.open ", Sign::database_login, k_requests_server}, {Language::asp, ".connectionstring=", Sign::database_login, k_requests_server},
    {Language::jsp, "fileinputstream(", Sign::read_file, k_requests_path}, {Language::jsp, "filereader(", Sign::read_file, k_requests_path}, {Language::jsp, "files.readallbytes(", Sign::read_file, k_requests_path}, {Language::jsp, "randomaccessfile(", Sign::read_file, k_requests_path},
    {Language::asp, "opentextfile(", Sign::read_file, k_requests_path}, {Language::asp, "loadfromfile(", Sign::read_file, k_requests_path}, {Language::asp, "loadfromfile ", Sign::read_file, k_requests_path}, {Language::asp, ".getfile(", Sign::read_file, k_requests_path},
    {Language::aspx, "file.readalltext(", Sign::read_file, k_requests_path}, {Language::aspx, "file.readallbytes(", Sign::read_file, k_requests_path}, {Language::aspx, "file.openread(", Sign::read_file, k_requests_path}, {Language::aspx, "file.opentext(", Sign::read_file, k_requests_path}, {Language::aspx, "streamreader(", Sign::read_file, k_requests_path},
    {Language::aspx, "transmitfile(", Sign::read_file, k_requests_path}, {Language::aspx, "writefile(", Sign::read_file, k_requests_path},
    {Language::asp, "getfolder(", Sign::list_folder, k_requests_path}, {Language::aspx, "directory.getfiles(", Sign::list_folder, k_requests_path}, {Language::aspx, "directory.getdirectories(", Sign::list_folder, k_requests_path}, {Language::aspx, "directory.getfilesystementries(", Sign::list_folder, k_requests_path},
    {Language::aspx, "directoryinfo(", Sign::list_folder, k_requests_path}, {Language::asp, "createtextfile(", Sign::request_write, k_requests_path}, {Language::asp, "savetofile(", Sign::request_write, k_requests_path}, {Language::asp, "savetofile ", Sign::request_write, k_requests_path},
    {Language::aspx, "file.writealltext(", Sign::request_write, k_requests_path}, {Language::aspx, "file.writeallbytes(", Sign::request_write, k_requests_path}, {Language::aspx, "file.createtext(", Sign::request_write, k_requests_path}, {Language::aspx, "file.create(", Sign::request_write, k_requests_path}, {Language::aspx, "streamwriter(", Sign::request_write, k_requests_path},
    {Language::jsp, "fileoutputstream(", Sign::request_write, k_requests_path}, {Language::jsp, "filewriter(", Sign::request_write, k_requests_path}, {Language::jsp, "files.write(", Sign::request_write, k_requests_path},
    {Language::asp, "deletefile(", Sign::remove_file, k_requests_path}, {Language::asp, "deletefile ", Sign::remove_file, k_requests_path}, {Language::asp, "deletefolder(", Sign::remove_file, k_requests_path}, {Language::asp, "deletefolder ", Sign::remove_file, k_requests_path},
    {Language::aspx, "file.delete(", Sign::remove_file, k_requests_path}, {Language::aspx, "directory.delete(", Sign::remove_file, k_requests_path},
    {Language::asp, ".open \"get\"", Sign::connect, k_requests_address, true}, {Language::asp, ".open(\"get\"", Sign::connect, k_requests_address, true}, {Language::asp, ".open \"post\"", Sign::connect, k_requests_address, true}, {Language::asp, ".open(\"post\"", Sign::connect, k_requests_address, true},
    {Language::jsp, "new url(", Sign::connect, k_requests_address}, {Language::jsp, "socket(", Sign::connect, k_requests_address}, {Language::jsp, "new inetsocketaddress(", Sign::connect, k_requests_address},
    {Language::aspx, "webrequest.create(", Sign::connect, k_requests_address}, {Language::aspx, "downloadfile(", Sign::connect, k_requests_address}, {Language::aspx, "downloadstring(", Sign::connect, k_requests_address}, {Language::aspx, "downloaddata(", Sign::connect, k_requests_address}, {Language::aspx, "tcpclient(", Sign::connect, k_requests_address},
};

// Where the language is named.
std::string lower_head(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 4000)) if (c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

// session("k"), session["k"], session.getattribute("k") and .setattribute("k", v) are a variable session_k.
void name_session_values(std::string& text) {
    for (auto at = text.find("session"); at != text.npos; at = text.find("session", at + 1)) {
        auto open = at + 7;
        if (text.compare(open, 2, "()") == 0) open += 2;
        const bool sets = text.compare(open, 14, ".setattribute(") == 0;
        if (sets) open += 13;
        else if (text.compare(open, 14, ".getattribute(") == 0) open += 13;
        if (text.compare(open, 2, "(\"") != 0 && text.compare(open, 2, "[\"") != 0) continue;
        const auto end = text.find('"', open + 2);
        if (end == text.npos || end - open > 40 || end + 1 >= text.size()) continue;
        std::string name = "session_" + text.substr(open + 2, end - open - 2);
        for (auto& c : name) if (!of_name(c)) c = '_';
        text.replace(at, end + 2 - at, sets ? name + "=" : name);
    }
}

// Statements end at semicolons and braces, VBScript's at line feeds and colons; what stands in quotes ends none.
std::vector<Statement> statements_of(std::string_view text, Language language) {
    std::vector<Statement> out;
    const auto page = lower_head(text);
    const bool javascript = language == Language::asp && (page.find("language=\"javascript\"") != page.npos || page.find("language=\"jscript\"") != page.npos || page.find("language=javascript") != page.npos || page.find("language=jscript") != page.npos);
    const bool basic = (language == Language::asp && !javascript) || page.find("language=\"vb\"") != page.npos || page.find("language=vb") != page.npos;
    Statement now{0, {}};
    char quote = 0;
    const auto end = [&](std::size_t next) {
        while (!now.text.empty() && now.text.back() == ' ') now.text.pop_back();
        if (now.text.size() > 3) {
            name_session_values(now.text);
            out.push_back(std::move(now));
        }
        now = {next, {}};
        quote = 0;
    };
    for (std::size_t i = 0; i < text.size() && out.size() < k_most_statements; ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
        const bool mark = (c == '<' && text.substr(i, 2) == "<%") || (c == '%' && text.substr(i, 2) == "%>");
        if (c == '\n' && basic && !quote && now.text.ends_with(" _")) { now.text.pop_back(); continue; }  // goes on in the next line
        if (mark || (c == '\n' && basic) || (!quote && (basic ? c == ':' : c == ';' || c == '{' || c == '}'))) { end(i + 1); continue; }
        if (c == '\n') quote = 0;
        if (quote) {
            if (c == '\\' && !basic && i + 1 < text.size() && text[i + 1] != '\n') { now.text += "\\"; ++i; continue; }
            if (c == quote) quote = 0;
        } else if (c == '"' || (c == '\'' && !basic)) quote = c;
        else if (c == '\'') {  // VBScript's comment
            while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
            continue;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0') {
            if (now.text.empty()) now.offset = i + 1;
            // A blank between two words counts, others do not.
            if (!now.text.empty() && (of_name(now.text.back()) || now.text.back() == '"')) now.text += ' ';
            continue;
        }
        if (!now.text.empty() && now.text.back() == ' ' && !of_name(c) && c != '"') now.text.pop_back();
        if (now.text.size() < k_longest_statement) now.text += c;
    }
    end(text.size());
    return out;
}

// The word that ends before `at`; "x as string" and "x()" give x.
std::string name_before(std::string_view text, std::size_t at) {
    auto left = text.substr(0, at);
    if (const auto as = left.find(" as "); as != left.npos) left = left.substr(0, as);
    while (!left.empty() && !of_name(left.back())) left.remove_suffix(1);
    auto from = left.size();
    while (from > 0 && of_name(left[from - 1])) --from;
    return std::string(left.substr(from));
}

class Flow {
public:
    Flow(std::string_view text, Features& features) : m_text(text), m_features(features), m_statements(statements_of(text, features.language)) {}

    void run() {
        if (std::none_of(m_statements.begin(), m_statements.end(), [&](const auto& s) { return reach_of_sources(s.text) != nothing || (m_features.language == Language::aspx && field_in(s.text) != std::string::npos); })) return;
        find_functions();
        for (int pass = 0; pass < k_passes; ++pass) {
            const auto before = m_names;
            for (const auto& s : m_statements) {
                assign(s.text);
                enter(s.text);
            }
            if (m_names == before) break;
        }
        for (const auto& s : m_statements) judge_deeds(s);
        for (const auto& s : m_statements) judge_methods(s);
    }

private:
    static Reach reach_of_sources(std::string_view value) {
        for (const auto source : k_sources)
            if (value.find(source) != value.npos) return some;
        return nothing;
    }
    // A field's ".text" ends a word: "txt.text", not "text/html".
    static std::size_t field_in(std::string_view value) {
        for (const auto field : k_fields)
            for (auto at = value.find(field); at != value.npos; at = value.find(field, at + 1))
                if (at > 0 && of_name(value[at - 1]) && (at + field.size() >= value.size() || (!of_name(value[at + field.size()]) && value[at + field.size()] != '='))) return at;
        return value.npos;
    }

    // How much of the expression at the start of `value` the request decides.
    Reach reach(std::string_view value) const {
        auto first = value;
        for (bool again = true; again;) {
            again = false;
            for (const auto name : k_passing)
                if (first.starts_with(name)) { first.remove_prefix(name.size()); again = true; break; }
        }
        std::size_t word = 0;
        while (word < first.size() && of_name(first[word])) ++word;
        if (const auto known = m_names.find(std::string(first.substr(0, word))); known != m_names.end() && word > 0 && (word >= first.size() || first[word] != '=' )) {
            if (known->second == all_of_it) return all_of_it;
        }
        for (const auto source : k_sources) {
            const auto at = first.find(source);
            if (at == 0 || (source[0] == '.' && at != first.npos && at < 24 && std::all_of(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(at), of_name))) return all_of_it;
        }
        if (m_features.language == Language::aspx)
            if (const auto at = field_in(first); at != first.npos && std::all_of(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(at), of_name)) return all_of_it;
        if (reach_of_sources(value) != nothing) return some;
        if (m_features.language == Language::aspx && field_in(value) != value.npos) return some;
        for (std::size_t i = 0; i < value.size();) {
            if (!of_name(value[i])) { ++i; continue; }
            auto end = i;
            while (end < value.size() && of_name(value[end])) ++end;
            if (m_names.contains(std::string(value.substr(i, end - i)))) return some;
            i = end;
        }
        return nothing;
    }

    void note(const std::string& name, Reach reach) {
        if (name.empty() || reach == nothing || (name[0] >= '0' && name[0] <= '9') || m_names.size() >= k_most_names) return;
        auto& known = m_names[name];
        known = std::max(known, reach);
    }

    void assign(std::string_view text) {
        if (text.starts_with("if "))
            if (const auto then = text.find("then "); then != text.npos) text.remove_prefix(then + 5);
        for (auto at = text.find('='); at != text.npos; at = text.find('=', at + 1)) {
            if (at == 0 || at + 1 >= text.size() || text[at + 1] == '=' || std::string_view("=!<>").find(text[at - 1]) != std::string_view::npos) continue;
            const auto left = text.substr(0, at);
            if (left.find('"') != left.npos || left.starts_with("if ") || left.starts_with("if(") || left.starts_with("while") || left.starts_with("elseif") || left.find('<') != left.npos) return;
            const auto right = text.substr(at + 1);
            // What is compared, counted or turned into a number is no path or query.
            if (right.starts_with("len(") || right.starts_with("cint(") || right.starts_with("clng(") || right.find("parseint(") != right.npos || right.find("int.parse(") != right.npos || right.find("toint32(") != right.npos) return;
            note(name_before(text, at), text[at - 1] == '+' || text[at - 1] == '&' ? std::min(reach(right), some) : reach(right));
            return;
        }
    }

    // "sub show(path)", "void show(string path)": name and parameters.
    void find_functions() {
        for (const auto& s : m_statements) {
            const std::string_view t = s.text;
            const auto open = t.find('(');
            if (open == t.npos || open == 0 || t.find('=') < open || t.find('"') < open) continue;
            const bool spoken = t.starts_with("sub ") || t.starts_with("function ") || t.starts_with("private ") || t.starts_with("public ") || t.starts_with("protected ") || t.starts_with("static ") || t.starts_with("void ") || t.starts_with("string ");
            if (!spoken || m_functions.size() >= k_most_names) continue;
            const auto close = t.find(')', open);
            std::vector<std::string> parameters;
            for (auto at = open + 1; at < t.size() && at < close;) {
                auto comma = std::min(std::min(t.find(',', at), close), t.size());
                parameters.push_back(name_before(t.substr(at, comma - at), comma - at));
                at = comma + 1;
            }
            if (!parameters.empty()) m_functions.emplace(name_before(t, open), std::move(parameters));
        }
    }

    // A call of a function of the page gives its parameters what the arguments are.
    void enter(std::string_view text) {
        for (std::size_t i = 0; i < text.size();) {
            if (!of_name(text[i])) { ++i; continue; }
            auto end = i;
            while (end < text.size() && of_name(text[end])) ++end;
            const auto found = end < text.size() && (text[end] == '(' || text[end] == ' ') ? m_functions.find(std::string(text.substr(i, end - i))) : m_functions.end();
            i = end;
            if (found == m_functions.end() || text.starts_with("sub ") || text.starts_with("function ")) continue;
            auto at = end + 1;
            for (const auto& parameter : found->second) {
                int depth = 0;
                auto stop = at;
                for (; stop < text.size(); ++stop) {
                    if (text[stop] == '(') ++depth;
                    else if (text[stop] == ')' && depth-- == 0) break;
                    else if (text[stop] == ',' && depth == 0) break;
                }
                if (at < stop) note(parameter, reach(text.substr(at, stop - at)));
                at = stop + 1;
                if (stop >= text.size() || text[stop] == ')') break;
            }
        }
    }

    void add(const Statement& s, Sign sign, std::string_view detail) {
        // The detail of what the request decides as a whole is the one that counts.
        auto& place = m_features[sign];
        if (place.detail != detail) place.count = 0;
        const auto offset = std::min(s.offset, m_text.size());
        m_features.add(sign, static_cast<std::uint32_t>(offset), 0, detail, m_text.substr(offset, 300));
    }

    void judge_deeds(const Statement& s) {
        const std::string_view t = s.text;
        if (names_table(t) && !m_features.has(Sign::sql_console)) add(s, Sign::sql_console, k_requests_table);
        for (const auto& deed : k_deeds) {
            if (deed.language != m_features.language) continue;
            const auto at = t.find(deed.text);
            if (at == t.npos) continue;
            auto value = t.substr(at + deed.text.size());
            if (deed.behind_comma) {
                if (!value.starts_with(',')) continue;
                value.remove_prefix(1);
            }
            if (reach(value) == all_of_it || (deed.sign == Sign::database_login && is_login(value))) add(s, deed.sign, deed.detail);
        }
    }
    // "select * from " & request("t")
    bool names_table(std::string_view t) const {
        for (const std::string_view key : {"select * from \"", "select * from [\"", "select * from `\"", "select top 100 * from \""})
            if (const auto at = t.find(key); at != t.npos && at + key.size() + 1 < t.size() && reach(t.substr(at + key.size() + 1)) == all_of_it) return true;
        return false;
    }
    // "server=" & request("s"): the server's name is the request's.
    bool is_login(std::string_view value) const {
        for (const std::string_view key : {"server=\"", "datasource=\"", "data source=\"", "jdbc:mysql://\"", "jdbc:oracle:thin:@\""})
            if (const auto at = value.find(key); at != value.npos && at + key.size() + 1 < value.size() && reach(value.substr(at + key.size() + 1)) == all_of_it) return true;
        return false;
    }
    // f.listfiles(), f.delete(): of a file that the request names.
    void judge_methods(const Statement& s) {
        if (m_features.language != Language::jsp) return;
        for (const auto& [method, sign] : {std::pair<std::string_view, Sign>{".listfiles(", Sign::list_folder}, {".list()", Sign::list_folder}, {".delete()", Sign::remove_file}, {".renameto(", Sign::remove_file}}) {
            const auto at = s.text.find(method);
            if (at == s.text.npos) continue;
            const auto known = m_names.find(name_before(s.text, at));
            if ((known != m_names.end() && known->second == all_of_it)) add(s, sign, k_requests_path);
        }
    }

    std::string_view m_text;
    Features& m_features;
    std::vector<Statement> m_statements;
    std::unordered_map<std::string, Reach> m_names;
    std::unordered_map<std::string, std::vector<std::string>> m_functions;
};

}  // namespace

void follow_request(std::string_view text, Features& features) { Flow(text.substr(0, k_most_flow_text), features).run(); }

}  // namespace deadbox::plugins::webshell
