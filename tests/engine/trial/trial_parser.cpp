// Does to the worker what the file says in its first word: a stand-in for every fault that a parser can have.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "plugin/parser.hpp"
#include "trial/trial_topic.hpp"

namespace deadbox::plugins::trial {
namespace {

void mark(plugin::Sink& sink, std::string_view what) {
    TrialMarkRow row{};
    row.what = what;
    row.emit(sink);
}

// Frames that the compiler can neither fold nor leave out: it does not know who is called.
int bottomless(const char* above);
int (*volatile g_next)(const char*) = &bottomless;
int bottomless(const char* above) {
    char frame[4096];
    std::snprintf(frame, sizeof frame, "%s", above);
    return g_next(frame) + frame[0];
}

[[noreturn]] void eat() {
    std::vector<char*> eaten;
    for (;;) {
        eaten.push_back(static_cast<char*>(::operator new(64u << 20)));
        *eaten.back() = 1;  // touched, so that it is taken, but not all of it: the machine belongs to others too
    }
}

struct Deed {
    std::string_view word;
    void (*act)(const plugin::File&, plugin::Sink&);
};

void tell(plugin::Sink& sink, std::string_view word, bool done) { mark(sink, std::string(word) + (done ? " done" : errno == EPERM || errno == EACCES ? " refused" : " failed")); }

constexpr Deed k_deeds[] = {
    {"break the detector", [](const plugin::File&, plugin::Sink& sink) { mark(sink, "break the detector"); }},
    {"abort", [](const plugin::File&, plugin::Sink&) { std::abort(); }},
    {"spin", [](const plugin::File&, plugin::Sink&) { for (std::atomic<int> turn = 0;; ++turn) {} }},
    {"eat", [](const plugin::File&, plugin::Sink&) { eat(); }},
    {"overflow", [](const plugin::File&, plugin::Sink&) { g_next("x"); }},
    {"wild", [](const plugin::File&, plugin::Sink&) { *reinterpret_cast<volatile int*>(std::uintptr_t{8}) = 1; }},
    {"throw", [](const plugin::File&, plugin::Sink&) { throw std::bad_alloc(); }},
    {"open", [](const plugin::File&, plugin::Sink& sink) { tell(sink, "open", ::open("/etc/passwd", O_RDONLY) >= 0); }},
    {"create", [](const plugin::File&, plugin::Sink& sink) { tell(sink, "create", ::open("/tmp/deadbox-trial", O_WRONLY | O_CREAT, 0600) >= 0); }},
    {"fork", [](const plugin::File&, plugin::Sink& sink) { tell(sink, "fork", ::fork() >= 0); }},
    {"write", [](const plugin::File&, plugin::Sink& sink) {
         // Every file that the worker has open for reading: the evidence is among them.
         int files = 0, written = 0;
         for (int fd = 0; fd < 64; ++fd) {
             const int flags = ::fcntl(fd, F_GETFL);
             if (flags < 0 || (flags & O_ACCMODE) != O_RDONLY || ::lseek(fd, 0, SEEK_CUR) < 0) continue;
             ++files;
             written += ::pwrite(fd, "x", 1, 1) == 1 || ::write(fd, "x", 1) == 1 || ::ftruncate(fd, 0) == 0 || ::fchmod(fd, 0666) == 0;
         }
         mark(sink, files == 0 ? "write found no file" : written > 0 ? "write done" : "write refused");
     }},
    {"socket", [](const plugin::File&, plugin::Sink& sink) { tell(sink, "socket", ::socket(AF_INET, SOCK_STREAM, 0) >= 0); }},
    {"exec", [](const plugin::File&, plugin::Sink& sink) { ::execl("/bin/true", "true", nullptr); tell(sink, "exec", false); }},
    // Works on and on, and shows that it does: no hang, but nothing that ends by itself.
    {"toil", [](const plugin::File& file, plugin::Sink&) {
         char byte = 0;
         for (;;) {
             (void)file.bytes().read_at(0, base::Bytes(reinterpret_cast<std::byte*>(&byte), 1));
             ::usleep(1000);
         }
     }},
};

class Witness final : public plugin::Parser {
public:
    explicit Witness(std::string_view word) : m_word(word) {}
    base::Result<void> parse(const plugin::File&, const plugin::Parameters&, plugin::Sink& sink) const override {
        mark(sink, m_word);
        return {};
    }

private:
    std::string_view m_word;
};

class DeedParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto text = base::as_text(file.head());
        const auto word = text.substr(0, text.find('\n'));
        for (const auto& deed : k_deeds)
            if (deed.word == word) deed.act(file, sink);
        return {};
    }
};

// "N\n": asks for the file N+1.
class ChainParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink) const override {
        const auto place = std::atoll(std::string(base::as_text(file.head())).c_str());
        std::string given;
        for (const auto& [name, value] : parameters)
            if (name == "from") given = value;
        TrialLinkRow row{};
        row.place = place, row.parameter = given;
        row.emit(sink);
        sink.request("trial_chain", "/chain/" + std::to_string(place + 1), {{"from", std::to_string(place)}});
        return {};
    }
};

}  // namespace

const plugin::Parser& trial_before_parser() {
    static const Witness parser("before");
    return parser;
}
const plugin::Parser& trial_deed_parser() {
    static const DeedParser parser;
    return parser;
}
const plugin::Parser& trial_after_parser() {
    static const Witness parser("after");
    return parser;
}
const plugin::Parser& trial_chain_parser() {
    static const ChainParser parser;
    return parser;
}

}  // namespace deadbox::plugins::trial
