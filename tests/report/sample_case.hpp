// A small fixed case: a few files, hostile names among them, events, findings of every severity, a ledger.
#pragma once

#include <QByteArray>

#include "support/case_fixture.hpp"

namespace deadbox::test {

inline constexpr std::string_view k_hostile = "/srv/a|b\n\x1b[31m<script>alert(1)</script>\xe2\x80\xae\"'.php\xff";

inline void fill_sample(CaseFixture& fixture) {
    FileSpec spec;
    spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n";
    fixture.add_parsed("passwd", spec);
    spec = {};
    spec.path = k_hostile, spec.bytes = "<?php system($_GET['c']);", spec.uid = 33, spec.gid = 33, spec.modified = 1'710'000'000, spec.content_type = "text/x-php";
    const auto shell = fixture.add(spec);
    spec = {};
    spec.path = "/srv/=cmd()|calc", spec.bytes = "x", spec.mode = 04755;
    const auto formula = fixture.add(spec);
    spec = {};
    spec.path = "/etc/shadow.old", spec.allocated = false;
    const auto gone = fixture.add(spec);
    const auto number = [](std::int64_t value) { return std::to_string(value); };
    fixture.sql("INSERT INTO run(version, command, options, started, finished, jobs, exits) VALUES('0.1.0', '[\"deadbox\",\"analyze\"]', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 2, '[0,4]')");
    fixture.sql("INSERT INTO evidence_file VALUES(1, 0, 'my disk.raw', '/secret/workstation/my disk.raw', 1073741824, 1, 2, zeroblob(32))");
    fixture.sql("UPDATE evidence SET media_sha256 = zeroblob(32), media_md5 = x'00112233445566778899aabbccddeeff', expected = '" + std::string(64, '0') +
                "', acquisition = '{\"tool\":\"ewfacquire\",\"stored_md5\":\"00112233445566778899AABBCCDDEEFF\",\"bad_ranges\":[]}'");
    fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'example.d', 'example/shell', 1, 1, '/srv', 4, 2, '{\"path\":\"/srv/x\"}', 1710000000, 5, 2, NULL, NULL, 2, 0)");
    fixture.sql("INSERT INTO finding VALUES('bbbbbbbbbbbbbbbb', 'example.d', 'example/late', 1, 1, 'late', 3, 1, '{}', 1720000000, 0, 3, NULL, NULL, 1, 0)");
    fixture.sql("INSERT INTO finding VALUES('cccccccccccccccc', 'example.d', 'example/early', 1, 1, 'early', 3, 0, '{}', 1600000000, 0, 3, NULL, NULL, 1, 0)");
    fixture.sql("INSERT INTO finding VALUES('dddddddddddddddd', 'example.d', 'example/undated', 1, NULL, 'undated', 3, 1, '{}', NULL, NULL, 1, NULL, NULL, 0, 0)");
    fixture.sql("INSERT INTO finding VALUES('eeeeeeeeeeeeeeee', 'example.d', 'example/context', 1, 1, 'context', 0, 2, '{}', NULL, NULL, 1, NULL, NULL, 0, 0)");
    fixture.sql("INSERT INTO finding_item(finding, place, inode, excerpt, line, reference) VALUES('aaaaaaaaaaaaaaaa', 1, " + number(shell) +
                ", '<?php system($_GET[''c'']);', 1, '{\"kind\":\"in_image\",\"package\":\"php 8\",\"algorithm\":\"md5\",\"expected\":\"aa\",\"found\":\"bb\"}')");
    fixture.sql("INSERT INTO finding_item(finding, place, inode) VALUES('aaaaaaaaaaaaaaaa', 2, " + number(formula) + ")");
    fixture.sql("INSERT INTO finding_item(finding, place, inode, excerpt, secrets) VALUES('bbbbbbbbbbbbbbbb', 1, " + number(gone) + ", 'root:$6$salt$hash:19000', '[[5,12,false]]')");
    fixture.sql("INSERT INTO finding_item(finding, place, key) VALUES('cccccccccccccccc', 1, 'mallory')");
    fixture.sql("INSERT INTO coverage(level, area, reason, system, folder, count, examples, wave) VALUES('limit', 'swap', 'swap is not examined', NULL, '', 1, '[\"1.3\"]', 'open'), "
                "('gap', 'syslog', 'the file could not be read', 1, '/var/log', 2, '[\"/var/log/a|b\"]', 'content')");
    fixture.sql("INSERT INTO mark(finding, at, by, state, reason, tag, comment) VALUES('cccccccccccccccc', '2026-01-02T00:00:00Z', 'me', 'dismissed', 'a test of ours', 'noise', NULL)");
}

}  // namespace deadbox::test
