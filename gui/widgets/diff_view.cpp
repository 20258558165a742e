#include "gui/widgets/diff_view.hpp"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

#include "gui/models/evidence_text.hpp"
#include "gui/models/time_format.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/text_decoder.hpp"

namespace deadbox::gui {
namespace {

constexpr quint64 k_largest = 2ull << 20;  // bytes of each text
constexpr int k_around = 3;                // equal lines that are shown before and behind a change
constexpr int k_tint = 46;                 // of 255

using CounterpartKind = case_file::Counterpart::Kind;

QString relation(CounterpartKind kind) {
    switch (kind) {
        case CounterpartKind::previous: return DiffView::tr("what it was before the last change");
        case CounterpartKind::packaged: return DiffView::tr("what the package delivers");
        case CounterpartKind::replaced: return DiffView::tr("what the package replaced");
        case CounterpartKind::backup: return DiffView::tr("a copy");
        case CounterpartKind::other_state: return DiffView::tr("the same path in another state");
        case CounterpartKind::original: return DiffView::tr("the file in use");
        case CounterpartKind::deleted: return DiffView::tr("a deleted file of this name");
    }
    return {};
}

// Of the two the one that is taken as the older.
bool is_newer(CounterpartKind kind) { return kind == CounterpartKind::original; }

QStringList lines_of(const std::string& text) {
    const QByteArray bytes(text.data(), static_cast<qsizetype>(text.size()));
    auto decoded = decode_text(bytes, guess_encoding(bytes)).text;
    if (decoded.endsWith(QLatin1Char('\n'))) decoded.chop(1);
    return decoded.split(QLatin1Char('\n'));
}

}  // namespace

DiffView::DiffView(QWidget* parent) : QWidget(parent), m_choice(new QComboBox), m_words(new PlainLabel({}, TextWeight::quiet)), m_text(new QPlainTextEdit) {
    m_choice->setAccessibleName(tr("The version that it is compared with"));
    m_text->setReadOnly(true);
    m_text->setUndoRedoEnabled(false);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setFont(mono_font());
    m_text->setAccessibleName(tr("Differences"));
    m_words->setContentsMargins(8, 2, 8, 4);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 4, 0, 0);
    all->setSpacing(2);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 0, 4, 0);
    bar->addWidget(m_choice, 1);
    all->addLayout(bar);
    all->addWidget(m_words);
    all->addWidget(m_text, 1);
    connect(m_choice, &QComboBox::activated, this, [this] { compare(); });
}

void DiffView::show_file(CaseSession* session, EvidenceBytes* bytes, const std::optional<case_file::FileDetail>& file) {
    for (const auto& ticket : m_tickets) ticket.cancel();
    if (m_bytes) {
        m_bytes->disconnect(this);
        for (const auto asked : m_asked)
            if (asked) m_bytes->forget(asked);
    }
    m_asked = {};
    m_session = session;
    m_bytes = bytes;
    m_file = file;
    m_versions.clear();
    m_choice->clear();
    m_text->clear();
    m_words->clear();
    if (!session || !bytes || !file) return;
    connect(bytes, &EvidenceBytes::ready, this, [this](quint64 request, const QByteArray& content) {
        for (std::size_t side = 0; side < m_asked.size(); ++side)
            if (m_asked[side] == request) m_asked[side] = 0, take(side, content.toStdString());
    });
    connect(bytes, &EvidenceBytes::failed, this, [this](quint64 request, const QString& why) {
        if (request == m_asked[0] || request == m_asked[1]) m_words->setText(tr("It cannot be compared: %1").arg(why));
    });
    m_tickets[2] = session->ask(
        Lane::slow, this,
        [file = *file](CaseReader& reader) -> base::Result<std::vector<case_file::Counterpart>> {
            TRY_ASSIGN(case_file::Files files, case_file::Files::open(reader.view()));
            return case_file::counterparts_of(files, file);
        },
        [this](base::Result<std::vector<case_file::Counterpart>> versions) {
            if (!versions) return;
            m_versions = std::move(*versions);
            for (const auto& version : m_versions) m_choice->addItem(QStringLiteral("%1: %2").arg(plain(version.file.path + (version.file.state_name.empty() ? "" : " (" + version.file.state_name + ")")), relation(version.kind)));
            Q_EMIT found(static_cast<int>(m_versions.size()));
        });
}

void DiffView::compare() {
    const auto place = m_choice->currentIndex();
    if (!m_session || !m_file || place < 0 || place >= static_cast<int>(m_versions.size())) return;
    const auto& version = m_versions[static_cast<std::size_t>(place)];
    for (std::size_t side = 0; side < m_asked.size(); ++side) {
        m_tickets[side].cancel();
        if (m_asked[side] && m_bytes) m_bytes->forget(std::exchange(m_asked[side], 0));
    }
    m_texts = {};
    m_text->clear();
    m_words->setText(tr("Reading…"));
    const bool turned = is_newer(version.kind);
    fetch(turned ? 1 : 0, version.file);
    fetch(turned ? 0 : 1, *m_file);
}

void DiffView::fetch(std::size_t side, const case_file::FileDetail& file) {
    if (static_cast<quint64>(file.size) > k_largest) return m_words->setText(tr("%1 is larger than %2 MiB and is not compared.").arg(plain(file.path)).arg(k_largest >> 20));
    m_tickets[side] = m_session->ask(
        Lane::rows, this, [inode = file.inode](CaseReader& reader) { return case_file::kept_text_of(reader.view(), inode); },
        [this, side, inode = file.inode, size = static_cast<quint64>(file.size)](base::Result<std::optional<std::string>> kept) {
            if (kept && *kept) return take(side, std::move(**kept));
            if (m_bytes) m_asked[side] = m_bytes->request(inode, 0, size);
        });
}

void DiffView::take(std::size_t side, std::string text) {
    m_texts[side] = std::move(text);
    if (!m_texts[0] || !m_texts[1]) return;
    put(line_diff(lines_of(*m_texts[0]), lines_of(*m_texts[1])));
}

void DiffView::put(const std::vector<DiffLine>& lines) {
    int removed = 0, added = 0;
    QStringList text;
    m_kinds.clear();
    std::vector<bool> wanted(lines.size(), false);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        removed += lines[i].kind == DiffLine::Kind::removed, added += lines[i].kind == DiffLine::Kind::added;
        if (lines[i].kind == DiffLine::Kind::same) continue;
        const auto from = i > k_around ? i - k_around : 0, to = std::min(lines.size() - 1, i + k_around);
        for (auto near = from; near <= to; ++near) wanted[near] = true;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        if (!wanted[i]) {
            std::size_t end = i;
            while (end < lines.size() && !wanted[end]) ++end;
            text << tr("          … %n equal line(s)", nullptr, static_cast<int>(end - i));
            m_kinds.push_back(DiffLine::Kind::same);
            i = end - 1;
            continue;
        }
        const auto number = line.kind == DiffLine::Kind::removed ? line.old_line : line.new_line;
        text << QStringLiteral("%1 %2 %3").arg(number, 6).arg(line.kind == DiffLine::Kind::removed ? QLatin1Char('-') : line.kind == DiffLine::Kind::added ? QLatin1Char('+') : QLatin1Char(' ')).arg(line.text);
        m_kinds.push_back(line.kind);
    }
    m_text->setPlainText(removed + added == 0 ? QString() : text.join(QLatin1Char('\n')));
    m_words->setText(removed + added == 0 ? tr("Both are the same.") : tr("%1 lines went (−), %2 came (+).").arg(count_text(removed), count_text(added)));
    colour();
}

void DiffView::colour() {
    QList<QTextEdit::ExtraSelection> tints;
    auto block = m_text->document()->firstBlock();
    for (std::size_t line = 0; line < m_kinds.size() && block.isValid(); ++line, block = block.next()) {
        if (m_kinds[line] == DiffLine::Kind::same) continue;
        QTextEdit::ExtraSelection tint;
        auto colour = m_kinds[line] == DiffLine::Kind::removed ? colours().bad : colours().good;
        colour.setAlpha(k_tint);
        tint.format.setBackground(colour);
        tint.format.setProperty(QTextFormat::FullWidthSelection, true);
        tint.cursor = QTextCursor(block);
        tints << tint;
    }
    m_text->setExtraSelections(tints);
}

void DiffView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) colour();
}

QString DiffView::shown_text() const { return m_text->toPlainText(); }
QString DiffView::said() const { return m_words->text(); }

}  // namespace deadbox::gui
