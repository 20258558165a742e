#include "report/format.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace deadbox::report {

struct OutputFile::State {
    std::string folder, name, buffer;
    int fd = -1;
    int failed = 0;
    std::uint64_t size = 0;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};

    std::string path(bool finished) const { return folder + "/" + name + (finished ? "" : ".part"); }
    void flush() {
        EVP_DigestUpdate(digest.get(), buffer.data(), buffer.size());
        size += buffer.size();
        for (std::size_t done = 0; done < buffer.size() && failed == 0;) {
            const ssize_t count = ::write(fd, buffer.data() + done, buffer.size() - done);
            if (count >= 0) done += static_cast<std::size_t>(count);
            else if (errno != EINTR) failed = errno;
        }
        buffer.clear();
    }
};

OutputFile::OutputFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}
OutputFile::OutputFile(OutputFile&& other) noexcept = default;

OutputFile::~OutputFile() {
    if (m_state == nullptr || m_state->fd < 0) return;
    ::close(m_state->fd);
    ::unlink(m_state->path(false).c_str());
}

base::Result<OutputFile> OutputFile::create(const std::string& folder, const std::string& name) {
    auto state = std::make_unique<State>();
    state->folder = folder, state->name = name;
    ::unlink(state->path(false).c_str());
    state->fd = ::open(state->path(false).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (state->fd < 0) return base::fail_errno("cannot write " + state->path(false), errno);
    EVP_DigestInit_ex(state->digest.get(), EVP_sha256(), nullptr);
    return OutputFile(std::move(state));
}

void OutputFile::write(std::string_view text) {
    m_state->buffer.append(text);
    if (m_state->buffer.size() >= std::size_t{1} << 18) m_state->flush();
}

base::Result<OutputFile::Written> OutputFile::finish() {
    State& s = *m_state;
    s.flush();
    if (s.failed != 0) return base::fail_errno("cannot write " + s.path(true), s.failed);
    if (::close(std::exchange(s.fd, -1)) != 0) return base::fail_errno("cannot write " + s.path(true), errno);
    if (::rename(s.path(false).c_str(), s.path(true).c_str()) != 0) return base::fail_errno("cannot write " + s.path(true), errno);
    std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
    EVP_DigestFinal_ex(s.digest.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return Written{s.name, base::to_hex(base::ByteView(digest).first(32)), s.size};
}

std::span<const Format> formats() {
    static constexpr Format k_formats[] = {
        {"csv", "items.csv", &write_items_csv, nullptr, Annex::yes},
        {"json", "report.json", &write_json},
        {"html", "report.html", &write_html},
        {"pdf", "report.pdf", &write_pdf},
        {"csv", "findings.csv", &write_findings_csv},
        {"csv", "coverage.csv", &write_coverage_csv},
        {"bodyfile", "bodyfile.txt", &write_bodyfile},
        {"timesketch", "timesketch.jsonl", &write_timesketch},
        {"dfxml", "dfxml.xml", &write_dfxml},
        {"case", "case.jsonld", &write_case},
        {"stix", "stix.json", &write_stix},
        {"misp", "misp.json", &write_misp},
        {"navigator", "navigator.json", &write_navigator},
        {"hashlist", "", nullptr, &write_hashlists},
    };
    return k_formats;
}

base::Result<std::vector<std::string_view>> formats_named(std::string_view format_ids) {
    std::vector<std::string_view> wanted;
    for (std::string_view rest = format_ids; !rest.empty();) {
        const auto comma = rest.find(',');
        wanted.push_back(rest.substr(0, comma));
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        const auto known = [&](const Format& format) { return format.id == wanted.back(); };
        if (std::none_of(formats().begin(), formats().end(), known)) {
            std::string ids;
            for (const auto& format : formats())
                if (ids.find(format.id) == std::string::npos) ids += fmt::format("{}{}", ids.empty() ? "" : ", ", format.id);
            return base::fail(base::Errc::usage, fmt::format("there is no report format {}; known: {}", wanted.back(), ids));
        }
    }
    return wanted;
}

base::Result<std::vector<OutputFile::Written>> write_report(const FormatInput& input, std::string_view format_ids, const std::string& folder, const std::vector<OutputFile::Written>& staying) {
    TRY_ASSIGN(const auto wanted, formats_named(format_ids));
    for (std::size_t at = 0; at != std::string::npos;) {  // mkdir -p
        at = folder.find('/', at + 1);
        const std::string part = folder.substr(0, at);
        if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST && at == std::string::npos) return base::fail_errno("cannot make the folder " + folder, errno);
    }
    FormatInput whole = input;
    std::vector<OutputFile::Written> written;
    const auto wants = [&](std::string_view id) { return std::find(wanted.begin(), wanted.end(), id) != wanted.end(); };
    for (const auto& format : formats()) {
        const bool annex = format.annex == Annex::yes && (wants("html") || wants("pdf"));
        if (!wants(format.id) && !annex) continue;
        if (format.write_many != nullptr) {
            TRY_ASSIGN(auto many, format.write_many(whole, folder));
            written.insert(written.end(), many.begin(), many.end());
            continue;
        }
        TRY_ASSIGN(OutputFile out, OutputFile::create(folder, std::string(format.file_name)));
        TRY(format.write(whole, out));
        TRY_ASSIGN(auto one, out.finish());
        if (annex) whole.annexes.push_back(one);
        written.push_back(std::move(one));
    }
    const auto fresh = [&](std::string_view name) { return std::any_of(written.begin(), written.end(), [&](const auto& one) { return one.name == name; }); };
    for (const auto& one : staying)
        if (!fresh(one.name)) written.push_back(one);
    TRY_ASSIGN(OutputFile manifest, OutputFile::create(folder, "manifest.sha256"));
    for (const auto& one : written) manifest.write(fmt::format("{}  {}\n", one.sha256, one.name));
    TRY_ASSIGN(auto last, manifest.finish());
    written.push_back(std::move(last));
    return written;
}

}  // namespace deadbox::report
