// deadbox-preview KIND: looks into files of the evidence for the window. It is started for one kind (picture, media, archive,
// database, journal, elf, markers), gives up files, sockets, exec and more, and then answers orders over standard input and
// output (src/preview/protocol.hpp). It never has the file: each byte is asked for. So content made to break its reader
// breaks only this process.
// Exit status: 0 the other end closed; 1 the conversation broke off; 2 usage or no lock-down.
#include <unistd.h>

#include <cstdio>

#include "picture.hpp"
#include "preview/lock_down.hpp"
#include "preview/serve.hpp"

using namespace deadbox;

int main(int argc, char** argv) {
    const auto kind = argc == 2 ? preview::kind_named(argv[1]) : std::nullopt;
    if (!kind) {
        std::fprintf(stderr, "usage: deadbox-preview picture|media|archive|database|journal|elf|markers\n");
        return 2;
    }
    if (*kind == preview::Kind::picture) preview::prepare_pictures();
    if (const auto locked = preview::lock_down(*kind); !locked) {
        std::fprintf(stderr, "deadbox-preview: %s\n", locked.error().what.c_str());
        return 2;
    }
    const auto served = preview::serve(*kind, {STDIN_FILENO, STDOUT_FILENO},
                                       [](const preview::Order& order, const preview::Sources& sources, preview::Answer& answer) { return preview::picture(order, sources, answer); });
    if (!served) std::fprintf(stderr, "deadbox-preview: %s\n", served.error().what.c_str());
    return served ? 0 : 1;
}
