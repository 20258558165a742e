#include "gui/models/preview_run.hpp"

#include <QCoreApplication>

#include <cstring>
#include <utility>

#include "gui/models/evidence_text.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_reader_patience_ms = 60'000;
constexpr std::uint32_t k_largest_side = 8192;
constexpr int k_side = 1600;
constexpr std::size_t k_most_columns = 256, k_most_tables = 16, k_most_properties = 2000, k_most_notes = 100;

}  // namespace

QString PreviewRun::program() { return QCoreApplication::applicationDirPath() + QStringLiteral("/deadbox-preview"); }

PreviewRun::PreviewRun(preview::Kind kind, EvidenceBytes* bytes, std::vector<PreviewSource> sources, QObject* parent)
    : QObject(parent), m_kind(kind), m_bytes(bytes), m_sources(std::move(sources)) {
    m_patience.setSingleShot(true);
    m_patience.setInterval(k_reader_patience_ms);
    connect(&m_patience, &QTimer::timeout, this, [this] { give_up(tr("Reading it took too long and was stopped.")); });
    connect(bytes, &EvidenceBytes::ready, this, [this](quint64 request, const QByteArray& content) {
        if (request != m_asked) return;
        m_asked = 0;
        ipc::Encoder frame(static_cast<std::uint8_t>(preview::Say::bytes));
        frame.put(base::ByteView(reinterpret_cast<const std::byte*>(content.constData()), static_cast<std::size_t>(content.size())));
        write(frame.finish());
    });
    connect(bytes, &EvidenceBytes::failed, this, [this](quint64 request, const QString& why) {
        if (request != m_asked) return;
        m_asked = 0;
        ipc::Encoder frame(static_cast<std::uint8_t>(preview::Say::no_bytes));
        frame.put(why.toStdString());
        write(frame.finish());
    });
}

PreviewRun::~PreviewRun() { stop(); }

void PreviewRun::stop() {
    m_patience.stop();
    m_answer.reset();
    if (m_bytes && m_asked) m_bytes->forget(m_asked);
    m_asked = 0;
    let_go();
}

// It may be one of its own signals that led here: it is deleted when it has ended, and nobody waits.
void PreviewRun::let_go() {
    m_frames = {};
    auto* process = std::exchange(m_process, nullptr).data();
    if (process == nullptr) return;
    process->disconnect(this);
    process->setParent(nullptr);
    if (process->state() == QProcess::NotRunning) return process->deleteLater();
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    connect(process, &QProcess::errorOccurred, process, &QObject::deleteLater);
    process->kill();
}

void PreviewRun::start() {
    m_process = new QProcess(this);
    connect(m_process, &QProcess::readyReadStandardOutput, this, &PreviewRun::read);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) give_up(tr("The program that looks into files, deadbox-preview, is missing beside this one."));
    });
    connect(m_process, &QProcess::finished, this, [this](int, QProcess::ExitStatus how) {
        const auto words = m_process->readAllStandardError().trimmed();
        give_up(how == QProcess::CrashExit ? tr("This content broke its reader. Nothing else was harmed: it ran locked away.") : words.isEmpty() ? tr("The reader ended without an answer.") : plain(view_of(words)));
    });
    m_process->start(program(), {own(preview::name_of(m_kind))});
}

void PreviewRun::ask(const std::string& part, qint64 after, qint64 most) {
    if (is_busy()) stop();
    if (!m_bytes) return;
    if (!m_process) start();
    m_answer = std::make_unique<PreviewAnswer>();
    m_taken = 0, m_pixels = 0;
    m_patience.start();
    ipc::Encoder frame(static_cast<std::uint8_t>(preview::Say::order));
    frame.put(part).put(after).put(most).put(k_side);
    for (const auto& source : m_sources) frame.put(source.size);
    write(frame.finish());
}

void PreviewRun::write(const std::string& frame) {
    if (m_process) m_process->write(frame.data(), static_cast<qint64>(frame.size()));
}

void PreviewRun::give_up(const QString& why) {
    const bool waited = is_busy();
    stop();
    if (waited) Q_EMIT failed(why);
}

void PreviewRun::read() {
    const auto bytes = m_process->readAllStandardOutput();
    m_taken += static_cast<std::size_t>(bytes.size());
    if (m_taken > preview::k_largest_answer) return give_up(tr("The reader's answer is longer than it may be."));
    m_frames.add({reinterpret_cast<const std::byte*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
    const QPointer<PreviewRun> self(this);
    while (self && m_process) {
        const auto frame = m_frames.next();
        if (!frame) return give_up(tr("The reader's answer is damaged."));
        if (!*frame) return;
        auto message = ipc::Message::decode(**frame);
        if (!message || !is_busy()) return give_up(tr("The reader's answer is damaged."));
        take(*message);
    }
}

void PreviewRun::take_need(ipc::Message& message) {
    const auto source = message.natural(), offset = message.natural(), length = message.natural();
    const auto size = source < m_sources.size() ? m_sources[source].size : -1;
    if (!message.ok() || size < 0 || offset > static_cast<quint64>(size) || length > preview::k_longest_piece || m_asked != 0 || !m_bytes) return give_up(tr("The reader asked for what is not its own."));
    m_asked = m_bytes->request(m_sources[source].inode, offset, length);
}

void PreviewRun::take(ipc::Message& message) {
    using preview::Say;
    const auto damaged = [&] { give_up(tr("The reader's answer is damaged.")); };
    switch (static_cast<Say>(message.kind())) {
        case Say::need: return take_need(message);
        case Say::property: {
            PreviewProperty property{std::string(message.text()), std::string(message.text()), std::string(message.text())};
            if (m_answer->properties.size() < k_most_properties) m_answer->properties.push_back(std::move(property));
            break;
        }
        case Say::table: {
            PreviewTable table;
            table.name = message.text(), table.rows = message.integer();
            while (!message.at_end() && table.columns.size() < k_most_columns) {
                const std::string name(message.text());
                table.columns.push_back({name, static_cast<preview::Form>(std::clamp<std::int64_t>(message.integer(), 0, static_cast<std::int64_t>(preview::Form::mode)))});
            }
            if (m_answer->tables.size() >= k_most_tables) return damaged();
            m_answer->tables.push_back(std::move(table));
            break;
        }
        case Say::row: {
            if (m_answer->tables.empty() || m_answer->tables.back().cells.size() >= static_cast<std::size_t>(2 * preview::k_most_rows)) return damaged();
            auto& table = m_answer->tables.back();
            std::vector<PreviewCell> cells(table.columns.size());
            for (auto& cell : cells) {
                const auto value = message.value();
                if (const auto* number = std::get_if<std::int64_t>(&value)) cell = static_cast<qint64>(*number);
                else if (const auto* real = std::get_if<double>(&value)) cell = *real;
                else if (const auto* text = std::get_if<std::string_view>(&value)) cell = std::string(*text);
            }
            table.cells.push_back(std::move(cells));
            break;
        }
        case Say::marker: {
            PreviewMarker marker;
            marker.offset = message.natural(), marker.length = message.natural(), marker.depth = static_cast<int>(std::clamp<std::int64_t>(message.integer(), 0, 8));
            marker.label = message.text(), marker.detail = message.text();
            if (m_answer->markers.size() < preview::k_most_markers) m_answer->markers.push_back(std::move(marker));
            break;
        }
        case Say::picture: {
            const auto width = message.natural(), height = message.natural(), own_width = message.natural(), own_height = message.natural();
            if (!message.ok() || width == 0 || height == 0 || width > k_largest_side || height > k_largest_side) return damaged();
            m_answer->picture = QImage(static_cast<int>(width), static_cast<int>(height), QImage::Format_RGBA8888);
            m_answer->own_size = QSize(static_cast<int>(std::min<std::uint64_t>(own_width, INT_MAX)), static_cast<int>(std::min<std::uint64_t>(own_height, INT_MAX)));
            m_answer->format = message.text();
            if (m_answer->picture.isNull()) return damaged();
            m_answer->picture.fill(Qt::transparent);
            break;
        }
        case Say::pixels: {
            const auto bytes = message.bytes();
            auto& picture = m_answer->picture;
            if (picture.isNull() || static_cast<qsizetype>(bytes.size()) > picture.sizeInBytes() - m_pixels) return damaged();
            std::memcpy(picture.bits() + m_pixels, bytes.data(), bytes.size());
            m_pixels += static_cast<qsizetype>(bytes.size());
            break;
        }
        case Say::note:
            if (m_answer->notes.size() < k_most_notes) m_answer->notes.emplace_back(message.text());
            break;
        case Say::end: {
            m_answer->after = message.integer();
            if (!message.ok() || m_pixels != m_answer->picture.sizeInBytes()) return damaged();
            m_patience.stop();
            const auto answer = std::move(m_answer);
            return Q_EMIT answered(*answer);
        }
        case Say::failed: {
            const auto why = plain(message.text());
            m_patience.stop();
            m_answer.reset();
            return Q_EMIT failed(why);
        }
        default: return damaged();
    }
    if (!message.ok()) damaged();
}

}  // namespace deadbox::gui
