#include "cli/encryption.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "proof/archive.hpp"
#include "proof/folder.hpp"

namespace deadbox::cli {
namespace {

constexpr std::uint64_t k_longest_password = 4096;
constexpr std::ptrdiff_t k_shortest_password = 8;

base::Result<std::string> ask(int terminal, std::string_view question) {
    termios before{};
    if (::tcgetattr(terminal, &before) != 0) return base::fail_errno("cannot ask for a password", errno);
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSAFLUSH, &quiet);
    std::string answer;
    bool whole = ::write(terminal, question.data(), question.size()) >= 0;
    for (char c = 0; whole;) {
        const ssize_t count = ::read(terminal, &c, 1);
        if (count < 0 && errno == EINTR) continue;
        whole = count == 1;
        if (!whole || c == '\n' || answer.size() >= k_longest_password) break;
        answer += c;
    }
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    whole = ::write(terminal, "\n", 1) == 1 && whole;
    if (!whole) return base::fail(base::Errc::usage, "no password was given");
    return answer;
}

base::Result<std::string> password_of(const EncryptionOptions& options) {
    std::string password;
    if (!options.password_file.empty()) {
        TRY_ASSIGN(password, proof::read_file(options.password_file, k_longest_password));
        if (password.ends_with('\n')) password.pop_back();
        if (password.ends_with('\r')) password.pop_back();
    } else if (!options.password_variable.empty()) {
        const char* value = std::getenv(options.password_variable.c_str());
        if (value != nullptr) password = value;
    } else {
        const base::Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
        if (!terminal) return base::fail(base::Errc::usage, "there is no terminal to ask for a password: give --password-file or --password-env");
        TRY_ASSIGN(password, ask(terminal.get(), "Password of the archive: "));
        TRY_ASSIGN(const auto again, ask(terminal.get(), "Once more: "));
        if (again != password) return base::fail(base::Errc::usage, "the two passwords differ");
    }
    if (password.empty()) return base::fail(base::Errc::usage, "the password is empty");
    const auto characters = std::count_if(password.begin(), password.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    if (characters < k_shortest_password) return base::fail(base::Errc::usage, "the password has " + std::to_string(characters) + " of at least " + std::to_string(k_shortest_password) + " characters: a shorter one is found by trying");
    if (password.find('\0') != std::string::npos) return base::fail(base::Errc::usage, "the password holds a zero byte");
    return password;
}

// The archive's name without its ending: what it unpacks into.
std::string top_of(const std::string& archive) {
    auto name = std::filesystem::path(archive).filename().string();
    if (name.size() > 4 && name.ends_with(".zip")) name.resize(name.size() - 4);
    return name;
}

base::Result<void> whole_or_nothing(std::string output, base::FunctionRef<base::Result<void>(const std::string& folder)> fill) {
    namespace fs = std::filesystem;
    while (output.size() > 1 && output.ends_with('/')) output.pop_back();
    std::error_code failed;
    const auto above = fs::path(output).parent_path();
    if (const auto made = proof::make_folder(above.empty() ? "." : above.string()); !made) return base::fail(base::Errc::usage, made.error().what);
    auto folder = output + ".XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) return base::fail(base::Errc::usage, "cannot make a folder beside " + output);
    auto done = fill(folder);
    if (done) {
        const mode_t mask = ::umask(0);
        ::umask(mask);
        // An empty folder gives way; one that was filled meanwhile does not.
        if (::chmod(folder.c_str(), 0777 & ~mask) != 0 || ::rename(folder.c_str(), output.c_str()) != 0) done = base::fail(base::Errc::usage, "cannot name the finished folder " + output + ": " + std::generic_category().message(errno));
    }
    if (!done) fs::remove_all(folder, failed);
    return done;
}

}  // namespace

void add_encryption_options(CLI::App& app, EncryptionOptions& options) {
    constexpr const char* k_group = "Encryption";
    auto* encrypt = app.add_flag("--encrypt", options.encrypt, "Make the output one encrypted ZIP (AES-256; 7-Zip and bsdtar open it; names of files in it can be read without the password). The password, of at least 8 characters, is asked for")->group(k_group);
    auto* file = app.add_option("--password-file", options.password_file, "The password is what stands in this file")->needs(encrypt)->group(k_group);
    app.add_option("--password-env", options.password_variable, "The password is the value of this environment variable")->needs(encrypt)->excludes(file)->group(k_group);
}

base::Result<void> hand_out(const EncryptionOptions& options, const std::string& output, Failed leaves, base::FunctionRef<base::Result<void>(const std::string& folder)> fill) {
    if (!options.encrypt && leaves == Failed::nothing) return whole_or_nothing(output, fill);
    if (!options.encrypt) {
        if (const auto made = proof::make_folder(output); !made) return base::fail(base::Errc::usage, made.error().what);
        return fill(output);
    }
    if (::access(output.c_str(), F_OK) == 0) return base::fail(base::Errc::usage, output + " is there already");
    auto password = password_of(options);
    if (!password) return base::fail(base::Errc::usage, password.error().what);
    auto folder = output + ".XXXXXX";  // beside it, for its owner only
    if (::mkdtemp(folder.data()) == nullptr) return base::fail(base::Errc::usage, "cannot make a folder beside " + output);
    auto done = fill(folder);
    if (done) {
        done = proof::pack_encrypted(folder, top_of(output), output, *password);
        if (!done) done = base::fail(base::Errc::usage, done.error().what);
    }
    std::error_code failed;
    std::filesystem::remove_all(folder, failed);
    if (failed && done) return base::fail(base::Errc::usage, "cannot remove the unencrypted copy at " + folder + ": remove it yourself");
    return done;
}

}  // namespace deadbox::cli
