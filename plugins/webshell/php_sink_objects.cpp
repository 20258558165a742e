// Methods and constructors of built-in classes.
#include "webshell/php_sink_table.hpp"

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell::php {
namespace {

// SQLite's: a function of PHP gets a name in the queries of that connection.
bool defines_for_queries(std::string_view method) {
    static constexpr std::array<std::string_view, 6> all{"createfunction", "createaggregate", "createcollation", "sqlitecreatefunction", "sqlitecreateaggregate", "sqlitecreatecollation"};
    return std::find(all.begin(), all.end(), method) != all.end();
}

}  // namespace

std::optional<Value> call_method_sink(Machine& m, const Value& object, std::string_view name, Args& a) {
    std::string_view made;
    if (object.type == Type::object) made = object.object().class_name;
    const auto target = [&](std::size_t i) { return object.type == Type::object && i < object.object().arguments.size() ? object.object().arguments[i] : Value(); };
    if (made == "reflectionfunction" && (name == "invoke" || name == "invokeargs")) {
        Args given = a;
        if (name == "invokeargs" && !a.empty()) {
            given.clear();
            if (a[0].type == Type::array) for (const auto& [k, v] : a[0].array().items) given.push_back(v);
            else given.push_back(Value::unknown(a[0].taint));
        }
        return m.invoke(target(0), std::move(given), "ReflectionFunction");
    }
    if (made == "reflectionmethod" && (name == "invoke" || name == "invokeargs")) {
        if (target(0).from_request() || target(1).from_request()) m.sign(Sign::request_callable, "ReflectionMethod");
        else if (target(0).is_text() && target(1).is_text() && a.size() > 1) {
            Args given(a.begin() + 1, a.end());
            if (name == "invokeargs" && a[1].type == Type::array) {
                given.clear();
                for (const auto& [k, v] : a[1].array().items) given.push_back(v);
            }
            return m.invoke(Value::of(target(0).text() + "::" + target(1).text()), std::move(given), "ReflectionMethod");
        }
        return Value();
    }
    if (made == "reflectionclass" && name.starts_with("newinstance") && target(0).is_text()) {
        Args given = a;
        if (name == "newinstanceargs" && !a.empty()) {
            given.clear();
            if (a[0].type == Type::array) for (const auto& [k, v] : a[0].array().items) given.push_back(v);
        }
        return m.create(target(0).text(), std::move(given));
    }
    if (made == "reflectionclass" && (name == "getconstants" || name == "getconstant") && target(0).is_text()) {
        std::vector<std::string> names;
        const auto values = m.class_constants(target(0).text(), names);
        if (name == "getconstant") {
            if (argument(a, 0).is_text()) for (std::size_t i = 0; i < names.size(); ++i) if (names[i] == a[0].text()) return values[i];
            return Value();
        }
        Value list = Value::list();
        for (std::size_t i = 0; i < names.size(); ++i) list.array().at(names[i]) = values[i];
        return list;
    }
    if (made == "reflectionclass" && name.starts_with("newinstance") && target(0).from_request()) {
        m.sign(Sign::request_callable, "ReflectionClass");
        return Value();
    }
    if ((made == "arrayobject" || made == "arrayiterator") && (name == "uasort" || name == "uksort") && !a.empty()) {
        Args given;
        const auto list = target(0);
        Taint taint = deep_taint(list) & (k_request | k_whole);
        given.push_back(Value::unknown(taint));
        given.push_back(Value::unknown(taint));
        return m.invoke(a[0], given, "uasort");
    }
    if (made == "com" && (name == "exec" || name == "run" || name == "shellexecute")) return run_command(m, argument(a, 0), "COM");
    if (name == "registerphpfunctions") {
        m.sign(Sign::hidden_callable, "registerPHPFunctions");
        return Value();
    }
    if (defines_for_queries(name)) {
        for (std::size_t i = 1; i < std::min<std::size_t>(a.size(), 3); ++i) {  // an aggregate has two
            if (a[i].from_request()) m.sign(Sign::request_callable, name);
            else if (a[i].is_text() && is_dangerous(lowered(a[i].text())) && !is_decoder(lowered(a[i].text()))) m.sign(Sign::hidden_callable, name);
        }
        return Value();
    }
    if ((name == "query" || name == "exec" || name == "multi_query" || name == "real_query" || name == "prepare") && !a.empty()) {
        if (whole(a[0])) m.sign(Sign::sql_console, name);
        drop_by_query(m, a[0]);
        return std::nullopt;
    }
    if ((made == "splfileobject" || made == "spltempfileobject") && (name == "fwrite" || name == "fputcsv")) {
        store(m, target(0), argument(a, 0), "SplFileObject");
        return Value();
    }
    if ((name == "exec" || name == "shell_exec" || name == "system") && !a.empty() && made.empty() && whole(a[0]) && object.type == Type::unknown && object.taint == 0) return std::nullopt;
    if (name == "fromcallable" && !a.empty()) return a[0];
    if (name == "getmessage" || name == "__tostring" || name == "gettraceasstring") return target(0).is_known() || target(0).taint ? target(0) : Value();
    if (name == "getarraycopy" || name == "current" || name == "offsetget") { if (target(0).taint || target(0).is_known()) return Value::unknown(deep_taint(target(0))); }
    if (name == "getdoccomment" || name == "getconstants" || name == "getname" || name == "getshortname" || name == "getproperties") return Value::unknown(k_hidden);
    if (made == "ffi") return run_command(m, argument(a, 0), "FFI");
    // The names and contents of an uploaded archive are the request's.
    if (made == "ziparchive" && (name == "getfromindex" || name == "getfromname" || name == "getnameindex" || name == "getstream") && object.object().taint & k_upload) return Value::unknown(k_request | k_whole);
    // A document of the request's is stored where the request says.
    if ((name == "save" || name == "savehtmlfile" || name == "asxml" || name == "savexml") && whole(argument(a, 0)) && (object.taint | (object.type == Type::object ? object.object().taint : Taint{0})) & k_request) {
        store(m, a[0], Value::unknown(k_request), name);
        return Value();
    }
    if (made == "ziparchive" && name == "extractto" && object.object().taint & k_upload) { m.sign(Sign::upload, "ZipArchive"); return Value(); }
    if (made.empty() || made.starts_with("mem") || made == "redis" || made == "pdostatement" || made == "mysqli_result" || made == "pdo")
        if (name == "fetch" || name == "fetchcolumn" || name == "fetch_assoc" || name == "fetch_array" || name == "fetch_row" || name == "fetchall" || (name == "get" && !made.empty()))
            return Value::unknown(static_cast<Taint>(k_file | (deep_taint(object) & (k_request | k_remote))));
    if (made == "ziparchive" && name == "extractto" && argument(a, 0).from_request()) { m.sign(Sign::write_file, "ZipArchive"); return Value(); }
    return std::nullopt;
}

void create_sink(Machine& m, std::string_view name, Args& a) {
    if (name == "callbackfilteriterator" && a.size() > 1) m.invoke(a[1], {Value::unknown(deep_taint(a[0]) | (a[0].type == Type::object ? a[0].object().taint : Taint{0}) )}, "CallbackFilterIterator");
    if (name == "splfileobject" && !a.empty() && whole(a[0])) m.sign(Sign::read_file, name);
    if ((name == "directoryiterator" || name == "filesystemiterator" || name == "recursivedirectoryiterator" || name == "globiterator") && !a.empty() && a[0].from_request()) m.sign(Sign::list_folder, name);
    if ((name == "mysqli" || name == "pdo") && !a.empty() && (a[0].from_request() || argument(a, 1).from_request())) m.sign(Sign::database_login, name);
    if (name == "reflectionfunction" && !a.empty() && whole(a[0])) m.sign(Sign::request_callable, name);
    if (name == "com" && !a.empty() && a[0].is_text() && contains(lowered(a[0].text()), "shell")) m.sign(Sign::fixed_command, "COM");
    if (name == "soapclient" && !a.empty() && a[0].from_request()) m.sign(Sign::connect, name);
}

}  // namespace deadbox::plugins::webshell::php
