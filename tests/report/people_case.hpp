// Cases for what people read: names of every script and of bad intent, and a case with thousands of findings.
#pragma once

#include <fmt/format.h>

#include "sample_case.hpp"

namespace deadbox::test {

struct NamedScript {
    const char* script;
    std::string_view name;  // UTF-8, a file's name
};
inline constexpr NamedScript k_scripts[] = {
    {"Latin", "Überprüfung café Łódź"}, {"Greek", "Ελληνικά"}, {"Cyrillic", "Кириллица"}, {"Arabic", "ملف سري"}, {"Hebrew", "קובץ סודי"}, {"Han", "机密文件漢字"}, {"Kana", "ひみつカタカナ"},
    {"Hangul", "비밀파일"}, {"Thai", "ไฟล์ลับ"}, {"Devanagari", "गुप्त"}, {"Tamil", "ரகசியம்"}, {"Georgian", "საიდუმლო"}, {"Armenian", "գաղտնիք"}, {"Ethiopic", "ምስጢር"}, {"Emoji", "😀🔥"}, {"Private use", "\xee\x80\x80"},
};

inline void add_finding(CaseFixture& fixture, std::string_view id, std::string_view rule, int severity, std::string_view subject, std::int64_t first, int items) {
    fixture.sql(fmt::format("INSERT INTO finding VALUES('{}', 'example.d', '{}', 1, 1, '{}', {}, 2, '{{}}', {}, 0, 1, NULL, NULL, {}, 0)", id, rule, subject, severity, first, items));
}
inline void add_item(CaseFixture& fixture, std::string_view finding, int place, std::int64_t inode, std::string_view excerpt) {
    fixture.sql(fmt::format("INSERT INTO finding_item(finding, place, inode, excerpt, line) VALUES('{}', {}, {}, {}, 3)", finding, place, inode, excerpt.empty() ? "NULL" : fmt::format("'{}'", excerpt)));
}

// The sample and one finding for each script, for a name of 4 KiB, for a line of 4 KiB, and for 120 items.
inline void fill_hostile(CaseFixture& fixture) {
    fill_sample(fixture);
    FileSpec spec;
    int number = 0;
    const auto next_id = [&] { return fmt::format("f{:015d}", ++number); };
    for (const auto& script : k_scripts) {
        spec.path = fmt::format("/srv/{}/{}.php", ++number, script.name), spec.bytes = std::string(script.name);
        const auto inode = fixture.add(spec);
        const auto id = next_id();
        add_finding(fixture, id, "example/script", 3, fmt::format("/srv/{}", script.name), 1'700'000'000 + number, 1);
        add_item(fixture, id, 1, inode, fmt::format("echo \"{}\";", script.name));
    }
    spec.path.clear();
    for (int part = 0; part < 16; ++part) spec.path += "/" + std::string(200, static_cast<char>('a' + part)) + fmt::format("-part{}-", part) + std::string(40, 'z');
    spec.bytes = "long";
    const auto far = fixture.add(spec);
    auto id = next_id();
    add_finding(fixture, id, "example/long", 4, spec.path, 1'700'000'500, 1);
    add_item(fixture, id, 1, far, std::string(4096, 'A'));
    id = next_id();
    add_finding(fixture, id, "example/many", 3, "/srv/many", 1'700'000'600, 120);
    for (int i = 0; i < 120; ++i) {
        spec.path = fmt::format("/srv/many/file-{}.bin", i), spec.bytes = fmt::format("{}", i);
        add_item(fixture, id, i + 1, fixture.add(spec), "");
    }
    std::string lines;
    for (int i = 0; i < 120; ++i) lines += fmt::format("\tline {} eval(base64_decode($_POST[1]));\n", i);
    id = next_id();
    spec.path = "/srv/lines.php", spec.bytes = lines;
    add_finding(fixture, id, "example/lines", 4, "/srv/lines.php", 1'700'000'700, 1);
    add_item(fixture, id, 1, fixture.add(spec), "");
    fixture.sql(fmt::format("UPDATE finding_item SET excerpt = '{}' WHERE finding = '{}'", lines, id));
    fixture.sql("INSERT INTO note(written, at, kind, who, permitted_by, finding, text) VALUES('2026-01-03T00:00:00Z', '2026-01-03T00:00:00Z', 'decision', 'me', 'the head', NULL, 'The machine stays off.')");
    fixture.sql("INSERT INTO custody(at, actor, action, details, previous, hash) VALUES('2026-01-03T00:00:00Z', 'me@desk', 'evidence.opened', '{\"format\":\"raw\"}', zeroblob(32), x'" + std::string(64, 'c') + "')");
}

// `count` findings of two items each.
inline void fill_large(CaseFixture& fixture, int count) {
    fill_sample(fixture);
    static constexpr int k_severities[] = {4, 3, 3, 2, 2, 2, 1, 1, 0, 0};
    std::vector<std::int64_t> inodes;
    FileSpec spec;
    for (int i = 0; i < 200; ++i) {
        spec.path = fmt::format("/var/www/site{}/wp-content/uploads/2026/{:02d}/image-{}.php", i % 40, i % 12 + 1, i), spec.bytes = fmt::format("<?php /* {} */", i), spec.uid = 33, spec.gid = 33;
        inodes.push_back(fixture.add(spec));
    }
    fixture.sql("BEGIN");
    for (int i = 0; i < count; ++i) {
        const auto id = fmt::format("{:016x}", 0xa000000000000000 + static_cast<std::uint64_t>(i));
        add_finding(fixture, id, "webshell/script", k_severities[i % 10], fmt::format("/var/www/site{}/image-{}.php", i % 40, i), 1'700'000'000 + i * 977, 2);
        for (int item = 0; item < 2; ++item)
            add_item(fixture, id, item + 1, inodes[static_cast<std::size_t>(i * 2 + item) % inodes.size()], item == 0 ? "$f = base64_decode($_POST[c]); $f($_GET[d]); // and what else stands in that line" : "");
    }
    fixture.sql("COMMIT");
}

}  // namespace deadbox::test
