// What a topic declares about itself, made from <topic>.json by the build.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace deadbox::plugin {

class Parser;
class Detector;

enum class ColumnType : std::uint8_t { integer, real, text, blob, time };  // time: two columns, NAME_s and NAME_ns
enum class Privacy : std::uint8_t { open, secret, person };

struct ColumnDef {
    std::string_view name;
    ColumnType type;
    Privacy privacy;
    std::string_view meaning;
};

// A typed table. The case adds three columns before the declared ones: id (row id), system (of the file that the row
// came from, null when unknown) and inode (that file; null for rows without one).
struct TableDef {
    std::string_view name;
    std::string_view meaning;
    std::string_view role;  // "packaged_file", "web_root" (a folder as column path) or ""
    std::span<const ColumnDef> columns;
    std::span<const std::string_view> indexes;  // column lists: "path" or "package,path"
    mutable std::uint16_t index = 0;            // place among all tables, set when the topics are registered
};

// A kind of event: `type` is stable and dotted, `description` what happened in two or three words.
struct EventDef {
    std::string_view type;
    std::string_view source;
    std::string_view description;
    mutable std::uint16_t index = 0;
};

enum class Wave : std::uint8_t { configure, content };
enum class ParserKind : std::uint8_t {
    artifact,  // at most one of these runs on a file
    feature,   // any number of these run on a file
};

struct ParserDef {
    std::string_view id;  // unique over all topics
    ParserKind kind;
    Wave wave;
    std::span<const std::string_view> paths;          // globs; empty with types given: any path
    std::span<const std::string_view> content_types;  // globs over the type found by content; empty: any
    std::span<const std::string_view> companions;     // as companion_path() takes them
    std::uint64_t largest;                            // bytes; larger files are a limit row. 0: no bound
    mutable std::uint16_t index = 0;                  // place among all parsers
};

struct RuleDef {
    std::string_view id;  // without the topic
    std::uint32_t version;
    std::string_view severity;
    std::string_view confidence;
    std::span<const std::string_view> attack;
    std::string_view source;    // where the idea comes from
    std::string_view question;  // the question it answers with yes: "accounts", "entry" ...
    std::string_view phase;     // of the story
};

struct DetectorDef {
    std::string_view id;
    std::span<const std::string_view> reads;  // tables and views; others are refused
    Wave after;                               // the wave that completes them
    bool last;                                // runs after all others: correlation
};

struct Topic {
    std::string_view id;
    std::uint32_t version;
    std::string_view description;
    std::span<const TableDef> tables;
    std::span<const EventDef> events;
    std::span<const RuleDef> rules;
    std::span<const ParserDef> parsers;
    std::span<const DetectorDef> detectors;
};

// All topics, ordered by id; tables, events and parsers have their index. Made by the build.
std::span<const Topic* const> topics();
const TableDef* find_table(std::string_view name);
const EventDef* find_event(std::string_view type);
// "topic/rule".
const RuleDef* find_rule(std::string_view rule);

// The code behind the declarations: each is defined only in the program that runs it.
const Parser* find_parser(std::string_view id);      // in deadbox-worker
const Detector* find_detector(std::string_view id);  // in deadbox

}  // namespace deadbox::plugin
