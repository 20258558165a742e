#include "codec/decompress.hpp"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace deadbox::codec {
using base::ByteView, base::Errc, base::fail, base::Result;
namespace {

constexpr std::size_t k_input_block = 64 * 1024;
constexpr std::uint64_t k_xz_memory = std::uint64_t{192} << 20;  // xz -9 needs 65 MiB
constexpr int k_zstd_window_log = 27;                            // 128 MiB, what zstd itself takes without asking

// One member's decoder. Inputs and outputs are consumed from the front of the views.
class Decoder {
public:
    enum class State { more, member_end };
    virtual ~Decoder() = default;
    // Ready for the next member.
    virtual Result<void> begin() = 0;
    // Works until the input or the output is used up, or the member ends.
    virtual Result<State> step(ByteView& in, base::Bytes& out) = 0;
    // Does another member start with these bytes?
    virtual bool starts(ByteView in) const = 0;
};

std::uint8_t* raw(ByteView bytes) { return reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(bytes.data())); }

class GzipDecoder final : public Decoder {
public:
    ~GzipDecoder() override { ::inflateEnd(&m_stream); }
    bool starts(ByteView in) const override { return recognize_compression(in) == Compression::gzip; }

    Result<void> begin() override {
        ::inflateEnd(&m_stream);
        m_stream = {};
        if (::inflateInit2(&m_stream, 15 + 16) != Z_OK) return fail(Errc::limit, "there is no memory for a gzip decoder");
        return {};
    }

    Result<State> step(ByteView& in, base::Bytes& out) override {
        m_stream.next_in = raw(in), m_stream.avail_in = static_cast<uInt>(in.size());
        m_stream.next_out = raw(out), m_stream.avail_out = static_cast<uInt>(out.size());
        const int answer = ::inflate(&m_stream, Z_NO_FLUSH);
        in = in.last(m_stream.avail_in), out = out.last(m_stream.avail_out);
        if (answer == Z_STREAM_END) return State::member_end;
        if (answer == Z_OK || answer == Z_BUF_ERROR) return State::more;
        return fail(Errc::corrupt, std::string("damaged gzip data: ") + (m_stream.msg ? m_stream.msg : "wrong structure"));
    }

private:
    z_stream m_stream{};
};

class Bzip2Decoder final : public Decoder {
public:
    ~Bzip2Decoder() override { ::BZ2_bzDecompressEnd(&m_stream); }
    bool starts(ByteView in) const override { return recognize_compression(in) == Compression::bzip2; }

    Result<void> begin() override {
        ::BZ2_bzDecompressEnd(&m_stream);
        m_stream = {};
        if (::BZ2_bzDecompressInit(&m_stream, 0, 0) != BZ_OK) return fail(Errc::limit, "there is no memory for a bzip2 decoder");
        return {};
    }

    Result<State> step(ByteView& in, base::Bytes& out) override {
        m_stream.next_in = reinterpret_cast<char*>(raw(in)), m_stream.avail_in = static_cast<unsigned>(in.size());
        m_stream.next_out = reinterpret_cast<char*>(raw(out)), m_stream.avail_out = static_cast<unsigned>(out.size());
        const int answer = ::BZ2_bzDecompress(&m_stream);
        in = in.last(m_stream.avail_in), out = out.last(m_stream.avail_out);
        if (answer == BZ_STREAM_END) return State::member_end;
        if (answer == BZ_OK) return State::more;
        if (answer == BZ_MEM_ERROR) return fail(Errc::limit, "there is no memory for a bzip2 block");
        return fail(Errc::corrupt, "damaged bzip2 data");
    }

private:
    bz_stream m_stream{};
};

class XzDecoder final : public Decoder {
public:
    ~XzDecoder() override { ::lzma_end(&m_stream); }
    bool starts(ByteView in) const override { return recognize_compression(in) == Compression::xz; }

    Result<void> begin() override {
        ::lzma_end(&m_stream);
        m_stream = LZMA_STREAM_INIT;
        if (::lzma_stream_decoder(&m_stream, k_xz_memory, 0) != LZMA_OK) return fail(Errc::limit, "there is no memory for an xz decoder");
        return {};
    }

    Result<State> step(ByteView& in, base::Bytes& out) override {
        m_stream.next_in = raw(in), m_stream.avail_in = in.size();
        m_stream.next_out = raw(out), m_stream.avail_out = out.size();
        const lzma_ret answer = ::lzma_code(&m_stream, LZMA_RUN);
        in = in.last(m_stream.avail_in), out = out.last(m_stream.avail_out);
        switch (answer) {
            case LZMA_STREAM_END: return State::member_end;
            case LZMA_OK:
            case LZMA_BUF_ERROR: return State::more;
            case LZMA_MEM_ERROR:
            case LZMA_MEMLIMIT_ERROR: return fail(Errc::limit, "the xz data wants more memory than is given to it");
            case LZMA_OPTIONS_ERROR: return fail(Errc::unsupported, "the xz data uses options that are not known");
            default: return fail(Errc::corrupt, "damaged xz data");
        }
    }

private:
    lzma_stream m_stream = LZMA_STREAM_INIT;
};

class ZstdDecoder final : public Decoder {
public:
    bool starts(ByteView in) const override { return recognize_compression(in) == Compression::zstd; }

    Result<void> begin() override {
        if (!m_context) m_context.reset(::ZSTD_createDCtx());
        if (!m_context) return fail(Errc::limit, "there is no memory for a zstd decoder");
        ::ZSTD_DCtx_reset(m_context.get(), ZSTD_reset_session_and_parameters);
        ::ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, k_zstd_window_log);
        return {};
    }

    Result<State> step(ByteView& in, base::Bytes& out) override {
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        const std::size_t answer = ::ZSTD_decompressStream(m_context.get(), &output, &input);
        in = in.subspan(input.pos), out = out.subspan(output.pos);
        if (!::ZSTD_isError(answer)) return answer == 0 ? State::member_end : State::more;
        const auto code = ::ZSTD_getErrorCode(answer);
        if (code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation)
            return fail(Errc::limit, "the zstd data wants more memory than is given to it");
        return fail(Errc::corrupt, std::string("damaged zstd data: ") + ::ZSTD_getErrorName(answer));
    }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&::ZSTD_freeDCtx)> m_context{nullptr, &::ZSTD_freeDCtx};
};

class PlainStream final : public DecompressingStream {
public:
    explicit PlainStream(const base::ByteSource& source) : m_source(source) {}
    Result<std::size_t> read(base::Bytes out) override {
        TRY_ASSIGN(const std::size_t got, m_source.read_at(m_offset, out));
        m_offset += got;
        return got;
    }

private:
    const base::ByteSource& m_source;
    std::uint64_t m_offset = 0;
};

class MemberStream final : public DecompressingStream {
public:
    MemberStream(const base::ByteSource& source, std::unique_ptr<Decoder> decoder)
        : m_source(source), m_decoder(std::move(decoder)), m_left(decompression_cap(source.size())), m_block(k_input_block) {}

    Result<std::size_t> read(base::Bytes out) override {
        const std::size_t wanted = out.size();
        while (!out.empty() && !m_end && !m_error) advance(out);
        const std::size_t got = wanted - out.size();
        if (got == 0 && m_error) return tl::unexpected(*m_error);
        return got;
    }

private:
    void stop(Errc code, std::string what) { m_error = base::Error{code, std::move(what)}; }

    // More input behind what is left of the block; false where there is none.
    bool refill() {
        std::copy(m_input.begin(), m_input.end(), m_block.begin());
        const auto kept = m_input.size();
        const auto got = m_source.read_at(m_offset, base::Bytes(m_block).subspan(kept));
        if (!got) {
            m_error = got.error();
            return false;
        }
        m_offset += *got;
        m_input = ByteView(m_block).first(kept + *got);
        return *got > 0;
    }

    void advance(base::Bytes& out) {
        if (!m_inside) {
            if (m_input.size() < 16) refill();
            if (m_error) return;
            if (!m_decoder->starts(m_input)) {
                m_end = true;
                return;
            }
            if (auto begun = m_decoder->begin(); !begun) return stop(begun.error().code, begun.error().what);
            m_inside = true;
        }
        if (m_input.empty() && !refill()) {
            // A decoder may hold output that it has not given yet: ask once more before calling it an early end.
            if (m_error) return;
            if (m_drained) return stop(Errc::truncated, "the compressed data ends early");
            m_drained = true;
        } else if (!m_input.empty()) m_drained = false;
        if (m_left == 0) return stop(Errc::limit, "the decompressed data passes its cap");
        const auto allowed = std::min<std::uint64_t>(out.size(), m_left);
        auto part = out.first(allowed);
        const auto state = m_decoder->step(m_input, part);
        const std::size_t made = allowed - part.size();
        m_left -= made;
        out = out.subspan(made);
        if (made > 0) m_drained = false;
        if (!state) return stop(state.error().code, state.error().what);
        if (*state == Decoder::State::member_end) {
            m_inside = false;
            skip_padding();
        }
    }

    // xz and tapes pad with zeros.
    void skip_padding() {
        for (;;) {
            while (!m_input.empty() && m_input.front() == std::byte{0}) m_input = m_input.subspan(1);
            if (!m_input.empty() || !refill()) return;
        }
    }

    const base::ByteSource& m_source;
    std::unique_ptr<Decoder> m_decoder;
    std::uint64_t m_left;
    std::vector<std::byte> m_block;
    ByteView m_input;
    std::uint64_t m_offset = 0;
    bool m_inside = false, m_end = false, m_drained = false;
    std::optional<base::Error> m_error;
};

}  // namespace

Compression recognize_compression(ByteView head) {
    const auto text = base::as_text(head);
    using namespace std::string_view_literals;
    if (text.starts_with("\x1f\x8b\x08"sv)) return Compression::gzip;
    if (text.starts_with("\xfd" "7zXZ\0"sv)) return Compression::xz;
    if (text.starts_with("\x28\xb5\x2f\xfd"sv)) return Compression::zstd;
    // A skippable frame may come first.
    if (text.size() >= 4 && text.substr(1, 3) == "\x2a\x4d\x18"sv && (static_cast<unsigned char>(text[0]) & 0xf0) == 0x50) return Compression::zstd;
    if (text.size() >= 4 && text.starts_with("BZh"sv) && text[3] >= '1' && text[3] <= '9' &&
        (text.size() < 10 || text.substr(4, 6) == "\x31\x41\x59\x26\x53\x59"sv || text.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv))
        return Compression::bzip2;
    return Compression::none;
}

std::uint64_t decompression_cap(std::uint64_t input) {
    constexpr std::uint64_t k_most = std::uint64_t{4} << 30, k_least = std::uint64_t{16} << 20;
    return std::clamp(input > k_most / 200 ? k_most : input * 200, k_least, k_most);
}

std::unique_ptr<DecompressingStream> decompress(const base::ByteSource& source) {
    std::vector<std::byte> head(16);
    const auto got = source.read_at(0, head);
    std::unique_ptr<Decoder> decoder;
    switch (recognize_compression(ByteView(head).first(got ? *got : 0))) {
        case Compression::none: return std::make_unique<PlainStream>(source);
        case Compression::gzip: decoder = std::make_unique<GzipDecoder>(); break;
        case Compression::xz: decoder = std::make_unique<XzDecoder>(); break;
        case Compression::zstd: decoder = std::make_unique<ZstdDecoder>(); break;
        case Compression::bzip2: decoder = std::make_unique<Bzip2Decoder>(); break;
    }
    return std::make_unique<MemberStream>(source, std::move(decoder));
}

}  // namespace deadbox::codec
