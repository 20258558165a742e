#include "gui/widgets/finding_card.hpp"

#include <QClipboard>
#include <QCoreApplication>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <fmt/format.h>

#include "gui/models/evidence_text.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/code_colours.hpp"
#include "gui/widgets/finding_context.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"
#include "report/item_key.hpp"

namespace deadbox::gui {
namespace {

constexpr std::size_t k_items_at_once = 10;
constexpr std::size_t k_excerpt = 4096;

QString basis_text(plugin::TimeBasis basis) {
    switch (basis) {
        case plugin::TimeBasis::birth: return QCoreApplication::translate("deadbox::gui::FindingCard", "by the file's creation");
        case plugin::TimeBasis::change: return QCoreApplication::translate("deadbox::gui::FindingCard", "by the file's last change");
        case plugin::TimeBasis::modification: return QCoreApplication::translate("deadbox::gui::FindingCard", "by the file's modification, which can be forged");
        case plugin::TimeBasis::log: return QCoreApplication::translate("deadbox::gui::FindingCard", "by a log");
    }
    return {};
}

// Where the content lies: offset on the media and length of each piece, as `dd` or a hex editor takes them.
QString extents_text(const report::ReportItem& item) {
    constexpr std::size_t k_pieces = 8;
    QStringList pieces;
    for (std::size_t i = 0; i < std::min(item.extents.size(), k_pieces); ++i)
        pieces += QCoreApplication::translate("deadbox::gui::FindingCard", "offset %1, %2 bytes").arg(item.extents[i].media_offset).arg(item.extents[i].length);
    if (item.extents.size() > k_pieces) pieces += QCoreApplication::translate("deadbox::gui::FindingCard", "and %1 more").arg(item.extents.size() - k_pieces);
    return pieces.join(QLatin1Char('\n'));
}

}  // namespace

QWidget* make_code_box(const QString& text, const QString& name, Frame& frame, QWidget* parent, const QString& file) {
    auto* box = new QWidget(parent);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* edit = new QPlainTextEdit(box);
    edit->setPlainText(text);
    edit->setReadOnly(true);
    edit->setFont(mono_font());
    edit->setFrameShape(QFrame::NoFrame);
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setAccessibleName(name);
    edit->setTabChangesFocus(true);
    if (!file.isEmpty()) {
        auto* highlighter = new CodeColours(edit->document());
        highlighter->set_dark(colours().dark);
        highlighter->set_language(file, text.section(QLatin1Char('\n'), 0, 0));
        highlighter->set_marked_line(0);
    }
    auto palette = edit->palette();
    palette.setColor(QPalette::Base, colours().band);
    edit->setPalette(palette);
    const int lines = static_cast<int>(std::clamp<qsizetype>(text.count(QLatin1Char('\n')) + 1, 1, 12));
    edit->setFixedHeight(lines * QFontMetrics(edit->font()).lineSpacing() + 14 + edit->horizontalScrollBar()->sizeHint().height() / 2);
    auto* copy = new QPushButton(icon_named(QStringLiteral("edit-copy")), FindingCard::tr("Copy"), box);
    copy->setAccessibleName(QObject::tr("Copy: %1").arg(name));
    QObject::connect(copy, &QPushButton::clicked, box, [text, &frame] {
        QGuiApplication::clipboard()->setText(text);
        frame.say(QObject::tr("Copied"));
    });
    row->addWidget(edit, 1);
    row->addWidget(copy, 0, Qt::AlignTop);
    return box;
}

FindingCard::FindingCard(Frame& frame, QWidget* parent) : QScrollArea(parent), m_frame(frame) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("The finding"));
    clear(tr("Select a finding."));
}

void FindingCard::clear(const QString& why) {
    m_id.clear();
    m_editor = nullptr, m_editor_row = nullptr, m_editor_done = nullptr;
    auto* contents = new QWidget;
    m_layout = new QVBoxLayout(contents);
    m_layout->setContentsMargins(20, 16, 20, 24);
    m_layout->setSpacing(6);
    if (!why.isEmpty()) {
        m_layout->addWidget(new PlainLabel(why, TextWeight::quiet, contents));
        m_layout->addStretch();
    }
    setWidget(contents);
}

QWidget* FindingCard::link_label(const QString& text, const Link& link, bool mono) {
    auto* label = new PlainLabel(text, mono ? TextWeight::mono : TextWeight::normal, widget());
    label->setClickable(true);
    if (mono) label->setElided(true);
    label->setToolTip(text.toHtmlEscaped());
    label->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(label, &PlainLabel::activated, this, [this, link] { m_frame.go(link); });
    connect(label, &QWidget::customContextMenuRequested, this, [this, link, label](const QPoint& at) { m_frame.open_menu(link, label->mapToGlobal(at)); });
    return label;
}

void FindingCard::show_finding(const report::ReportFinding& f, const std::vector<const report::ReportFinding*>& related, const TimeFormat& format) {
    const int scrolled = m_id == own(f.id) ? verticalScrollBar()->value() : 0;
    clear({});
    m_id = own(f.id);
    add_head(f, format);
    add_buttons(f);
    add_paragraph(tr("Why"), f.explanation);
    add_paragraph(tr("Innocent reason"), f.innocent_reason);
    add_paragraph(tr("Next step"), f.next_step);
    add_items(f, format);
    auto* context = new FindingContext(f, format, m_frame, widget());
    connect(context, &FindingContext::loaded, this, &FindingCard::contextLoaded);
    m_layout->addWidget(context);
    add_related(related);
    add_marks(f, format);
    m_layout->addStretch();
    widget()->adjustSize();
    QMetaObject::invokeMethod(this, [this, scrolled] { verticalScrollBar()->setValue(scrolled); }, Qt::QueuedConnection);
}

void FindingCard::add_head(const report::ReportFinding& f, const TimeFormat& format) {
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    auto* sign = new QLabel(widget());
    sign->setPixmap(severity_pixmap(f.severity, 20, devicePixelRatioF()));
    sign->setAccessibleName(severity_text(f.severity));
    auto* title = new PlainLabel(plain(f.title), TextWeight::bold, widget());
    title->setObjectName(QStringLiteral("finding_title"));
    row->addWidget(sign, 0, Qt::AlignTop);
    row->addWidget(title, 1);
    m_layout->addLayout(row);
    QString facts = tr("%1, %2 · rule %3").arg(severity_text(f.severity), confidence_text(f.confidence), own(f.rule));
    if (!f.attack.empty()) {
        QStringList ids;
        for (const auto& id : f.attack) ids += own(id);
        facts += QStringLiteral(" · ATT&CK ") + ids.join(QStringLiteral(", "));
    }
    if (f.provisional) facts += tr(" · provisional: the disk is still being read");
    m_layout->addWidget(new PlainLabel(facts, TextWeight::quiet, widget()));
    if (f.first_seen) {
        auto* times = new QHBoxLayout;
        times->setSpacing(8);
        times->addWidget(new PlainLabel(tr("First seen"), TextWeight::quiet, widget()));
        auto* first = link_label(format.text(*f.first_seen), Link::to_time(*f.first_seen), true);
        first->setToolTip(format.exact(*f.first_seen));
        times->addWidget(first);
        auto* basis = new PlainLabel(basis_text(f.basis), TextWeight::quiet, widget());
        times->addWidget(basis, 1);
        m_layout->addLayout(times);
    }
    if (f.last_seen && f.last_seen != f.first_seen) {
        auto* times = new QHBoxLayout;
        times->setSpacing(8);
        times->addWidget(new PlainLabel(tr("Last seen"), TextWeight::quiet, widget()));
        times->addWidget(link_label(format.text(*f.last_seen), Link::to_time(*f.last_seen), true), 1);
        m_layout->addLayout(times);
    }
}

void FindingCard::add_buttons(const report::ReportFinding& f) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    const auto button = [&](const QString& text, const QString& key, bool down, auto run) {
        auto* one = new QPushButton(text, widget());
        one->setToolTip(QStringLiteral("%1 (%2)").arg(text, key));
        one->setCheckable(true);
        one->setChecked(down);
        connect(one, &QPushButton::clicked, this, [one, down, run] {
            one->setChecked(down);
            run();
        });
        row->addWidget(one);
    };
    button(tr("Confirm"), QStringLiteral("C"), f.state == "confirmed", [this] { Q_EMIT stateWanted(QStringLiteral("confirmed"), {}); });
    button(tr("Dismiss…"), QStringLiteral("D"), f.state == "dismissed", [this] { Q_EMIT reasonWanted(); });
    if (f.state != "open") button(tr("Open again"), QStringLiteral("O"), false, [this] { Q_EMIT stateWanted(QStringLiteral("open"), {}); });
    button(tr("Comment…"), QStringLiteral("N"), false, [this] { Q_EMIT commentAsked(); });
    const bool marked = std::find(f.tags.begin(), f.tags.end(), "bookmark") != f.tags.end();
    button(marked ? tr("★ Bookmark") : tr("☆ Bookmark"), QStringLiteral("B"), marked, [this, marked] { Q_EMIT tagWanted(marked ? QStringLiteral("-bookmark") : QStringLiteral("bookmark")); });
    row->addStretch();
    m_layout->addSpacing(4);
    m_layout->addLayout(row);

    m_editor_row = new QWidget(widget());
    auto* editor = new QHBoxLayout(m_editor_row);
    editor->setContentsMargins(0, 0, 0, 0);
    m_editor = new QLineEdit(m_editor_row);
    m_editor_done = new QPushButton(m_editor_row);
    editor->addWidget(m_editor, 1);
    editor->addWidget(m_editor_done);
    m_editor_row->hide();
    const auto done = [this] {
        const auto text = m_editor->text().trimmed();
        if (text.isEmpty()) return m_editor->setFocus();
        m_editor_row->hide();
        if (m_reason) Q_EMIT stateWanted(QStringLiteral("dismissed"), text);
        else Q_EMIT commentWanted(text);
    };
    connect(m_editor, &QLineEdit::returnPressed, this, done);
    connect(m_editor_done, &QPushButton::clicked, this, done);
    // Without a word there is nothing to write down.
    connect(m_editor, &QLineEdit::textChanged, m_editor_done, [this](const QString& text) { m_editor_done->setEnabled(!text.trimmed().isEmpty()); });
    m_layout->addWidget(m_editor_row);

    auto* tags = new QHBoxLayout;
    tags->setSpacing(6);
    for (const auto& tag : f.tags) {
        if (tag == "bookmark") continue;
        auto* chip = new QPushButton(plain(tag) + QStringLiteral("  ✕"), widget());
        chip->setFlat(true);
        chip->setToolTip(tr("Take this tag away"));
        connect(chip, &QPushButton::clicked, this, [this, tag] { Q_EMIT tagWanted(QLatin1Char('-') + own(tag)); });
        tags->addWidget(chip);
    }
    auto* add = new QLineEdit(widget());
    add->setPlaceholderText(tr("Add a tag"));
    add->setAccessibleName(tr("Add a tag"));
    add->setMaximumWidth(140);
    connect(add, &QLineEdit::returnPressed, this, [this, add] {
        if (!add->text().trimmed().isEmpty()) Q_EMIT tagWanted(add->text().trimmed());
    });
    tags->addWidget(add);
    tags->addStretch();
    m_layout->addLayout(tags);
    if (!f.reason.empty()) m_layout->addWidget(new PlainLabel(tr("%1: %2").arg(state_text(f.state), plain(f.reason)), TextWeight::normal, widget()));
}

void FindingCard::askReason(int of) {
    if (m_editor == nullptr) return;
    m_reason = true;
    m_editor->setPlaceholderText(of > 1 ? tr("Why are these %n innocent? The reason stands in every report.", nullptr, of) : tr("Why is it innocent? The reason stands in every report."));
    m_editor->setAccessibleName(tr("Reason for dismissing"));
    m_editor_done->setText(of > 1 ? tr("Dismiss all %n", nullptr, of) : tr("Dismiss"));
    open_editor();
}

void FindingCard::open_editor() {
    m_editor_done->setEnabled(!m_editor->text().trimmed().isEmpty());
    m_editor_row->show();
    m_editor->setFocus();
    widget()->layout()->activate();
    ensureWidgetVisible(m_editor_row);  // the card may be read at its end
}

void FindingCard::askComment(int on) {
    if (m_editor == nullptr) return;
    m_reason = false;
    m_editor->setPlaceholderText(on > 1 ? tr("Comment on these %n findings", nullptr, on) : tr("Comment"));
    m_editor->setAccessibleName(m_editor->placeholderText());
    m_editor_done->setText(on > 1 ? tr("Add to all %n", nullptr, on) : tr("Add"));
    open_editor();
}

bool FindingCard::closeEditor() {
    if (m_editor_row == nullptr || !m_editor_row->isVisible()) return false;
    m_editor_row->hide();
    return true;
}

void FindingCard::add_paragraph(const QString& heading, const std::string& text) {
    if (text.empty()) return;
    m_layout->addSpacing(8);
    m_layout->addWidget(make_heading(heading, widget()));
    m_layout->addWidget(new PlainLabel(plain(text), TextWeight::normal, widget()));
}

void FindingCard::add_related(const std::vector<const report::ReportFinding*>& related) {
    if (related.empty()) return;
    m_layout->addSpacing(8);
    m_layout->addWidget(make_heading(tr("Shares a file or a digest with"), widget()));
    for (std::size_t i = 0; i < std::min<std::size_t>(related.size(), 12); ++i) {
        auto* row = new QHBoxLayout;
        auto* sign = new QLabel(widget());
        sign->setPixmap(severity_pixmap(related[i]->severity, 12, devicePixelRatioF()));
        row->addWidget(sign, 0, Qt::AlignTop);
        row->addWidget(link_label(plain(related[i]->title), Link::to(Link::Kind::finding, related[i]->id, related[i]->first_seen), false), 1);
        m_layout->addLayout(row);
    }
}

void FindingCard::add_items(const report::ReportFinding& f, const TimeFormat& format) {
    if (f.items.empty()) return;
    m_layout->addSpacing(8);
    m_layout->addWidget(make_heading(tr("Rests on %n item(s)", nullptr, static_cast<int>(f.item_count)), widget()));
    auto* list = new QVBoxLayout;
    list->setSpacing(12);
    m_layout->addLayout(list);
    for (std::size_t i = 0; i < std::min(f.items.size(), k_items_at_once); ++i) list->addWidget(item_widget(f.items[i], format));
    if (f.items.size() > k_items_at_once) {
        auto* more = new QPushButton(tr("Show %n more", nullptr, static_cast<int>(f.items.size() - k_items_at_once)), widget());
        m_layout->addWidget(more, 0, Qt::AlignLeft);
        connect(more, &QPushButton::clicked, this, [this, more, list, items = std::vector(f.items.begin() + k_items_at_once, f.items.end()), format] {
            more->hide();
            for (const auto& item : items) list->addWidget(item_widget(item, format));
        });
    }
    if (f.item_count > static_cast<std::int64_t>(f.items.size()))
        m_layout->addWidget(new PlainLabel(tr("%1 items in all; `deadbox facts CASE --table finding_item` lists them.").arg(count_text(f.item_count)), TextWeight::quiet, widget()));
}

QWidget* FindingCard::item_widget(const report::ReportItem& item, const TimeFormat& format) {
    auto* box = new QFrame(widget());
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(4);
    const std::int64_t inode = item.row;
    if (item.path) layout->addWidget(link_label(plain(*item.path), Link::to_file(*item.path, inode, item.times.changed), true));
    if (!item.key.empty()) layout->addWidget(new PlainLabel(plain(report::shown_key(item)), item.cites.empty() ? TextWeight::mono : TextWeight::normal, box));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    int row = 0;
    const auto add = [&](const QString& name, QWidget* value) {
        auto* label = new PlainLabel(name, TextWeight::quiet, box);
        label->setWordWrap(false);
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(value, row++, 1);
    };
    const auto text = [&](const QString& value, bool mono = false) { return new PlainLabel(value, mono ? TextWeight::mono : TextWeight::normal, box); };
    if (item.inode) {
        QStringList facts{size_text(item.size), QString::fromStdString(fmt::format("{:04o}", item.mode)),
                          QStringLiteral("%1:%2").arg(item.user.empty() ? QString::number(item.uid) : plain(item.user), item.group.empty() ? QString::number(item.gid) : plain(item.group))};
        if (!item.content_type.empty()) facts += plain(item.content_type);
        if (!item.name_allocated) facts += tr("name deleted");
        if (item.content != "live") facts += tr("content: %1").arg(own(item.content));
        auto* label = text(facts.join(QStringLiteral(" · ")));
        label->setToolTip(tr("%1 bytes").arg(count_text(item.size)));
        add(tr("File"), label);
        const auto time = [&](const QString& name, const report::Time& at) {
            if (at) add(name, link_label(format.text(*at), Link::to_time(*at), true));
        };
        time(tr("Modified"), item.times.modified);
        time(tr("Changed"), item.times.changed);
        time(tr("Created"), item.times.born);
        time(tr("Deleted"), item.times.deleted);
    }
    if (!item.sha256.empty()) add(tr("SHA-256"), link_label(own(item.sha256), Link::to(Link::Kind::hash, item.sha256), true));
    else if (!item.md5.empty()) add(tr("MD5"), link_label(own(item.md5), Link::to(Link::Kind::hash, item.md5), true));
    if (item.reference && item.reference->kind != "none") {
        const auto& r = *item.reference;
        add(tr("Reference"), text(tr("%1, %2: expected %3, found %4").arg(plain(r.package), own(r.algorithm), plain(r.expected), plain(r.found)), true));
    }
    if (!item.site.empty()) add(tr("Site"), text(plain(item.site)));
    if (!item.extents.empty()) add(tr("On the media"), text(extents_text(item), true));
    layout->addLayout(grid);
    if (item.excerpt && !item.excerpt->empty()) {
        layout->addWidget(new PlainLabel(item.line ? tr("Excerpt, from line %1 on").arg(*item.line) : tr("Excerpt"), TextWeight::quiet, box));
        layout->addWidget(make_code_box(shown_lines(*item.excerpt, k_excerpt).text, tr("Excerpt"), m_frame, box, item.path ? plain(*item.path) : QString()));
    }
    if (!item.reproduce.empty()) {
        QString commands;
        for (const auto& command : item.reproduce) commands += (commands.isEmpty() ? QString() : QStringLiteral("\n")) + plain(command);
        layout->addWidget(new PlainLabel(tr("Check it yourself"), TextWeight::quiet, box));
        layout->addWidget(make_code_box(commands, tr("Check it yourself"), m_frame, box));
    }
    return box;
}

void FindingCard::add_marks(const report::ReportFinding& f, const TimeFormat& format) {
    if (f.marks.empty()) return;
    m_layout->addSpacing(8);
    m_layout->addWidget(make_heading(tr("What the examiners did"), widget()));
    for (const auto& mark : f.marks) {
        const auto at = base::from_rfc3339(mark.at);
        QStringList parts;
        if (!mark.state.empty()) parts += state_text(mark.state) + (mark.reason.empty() ? QString() : QStringLiteral(": ") + plain(mark.reason));
        if (!mark.tag.empty()) parts += mark.tag.starts_with('-') ? tr("took away tag %1").arg(plain(mark.tag.substr(1))) : tr("tag %1").arg(plain(mark.tag));
        if (!mark.comment.empty()) parts += plain(mark.comment);
        m_layout->addWidget(new PlainLabel(QStringLiteral("%1  %2  %3").arg(at ? format.text(*at) : plain(mark.at), plain(mark.by), parts.join(QStringLiteral("; "))), TextWeight::normal, widget()));
    }
}

}  // namespace deadbox::gui
