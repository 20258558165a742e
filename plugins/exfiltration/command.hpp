// What a command line sends to another machine, told from how the programs that can send are called.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::plugins::exfiltration {

enum class Means : std::uint8_t {
    upload,  // a file transfer program: curl, scp, rsync, rclone, a cloud's own tool
    raw,     // a bare connection: nc, /dev/tcp, openssl s_client
};

struct Transfer {
    Means means = Means::upload;
    std::string program;            // "curl", "/dev/tcp"
    std::vector<std::string> what;  // files, or a program whose output was sent with the files that it names
    bool piped = false;             // the latter
    std::string target;             // host or storage
    bool data = false;              // an archive, a dump, an account file: by name, or by the program that made it
};

// The first of a line's commands that sends something. Pure, linear.
std::optional<Transfer> transfer_in(std::string_view line);

// Whether one of a line's commands makes an archive or a dump: tar c, zip, mysqldump. Pure, linear.
bool packs_data(std::string_view line);

// By its name: an archive, a dump, a database, accounts and keys.
bool names_data(std::string_view file);
// Of this machine or its neighbourhood: private addresses, names without a dot, .local and its kin.
bool is_near(std::string_view host);

}  // namespace deadbox::plugins::exfiltration
