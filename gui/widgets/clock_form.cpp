#include "gui/widgets/clock_form.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <cstdlib>

#include "case/view_clock.hpp"
#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {
namespace {
constexpr std::int64_t k_minute = 60, k_hour = 3600, k_day = 86'400;
}

ClockForm::ClockForm(QWidget* parent)
    : QFrame(parent), m_direction(new QComboBox(this)), m_days(new QSpinBox(this)), m_hours(new QSpinBox(this)), m_minutes(new QSpinBox(this)), m_seconds(new QSpinBox(this)), m_source(new QLineEdit(this)),
      m_example(new PlainLabel({}, TextWeight::quiet, this)), m_done(new QPushButton(tr("Correct the times"), this)) {
    setObjectName(QStringLiteral("clock_form"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    auto* heading = new PlainLabel(tr("The machine's clock was"), TextWeight::bold, this);
    heading->setWordWrap(false);
    m_direction->addItems({tr("ahead by"), tr("behind by")});
    m_direction->setAccessibleName(tr("Was the machine's clock ahead or behind?"));
    auto* fields = new QHBoxLayout;
    fields->setSpacing(8);
    fields->addWidget(heading);
    fields->addWidget(m_direction);
    const auto field = [&](QSpinBox* box, int most, const QString& unit, const QString& name) {
        box->setRange(0, most);
        box->setSuffix(QLatin1Char(' ') + unit);
        box->setAccessibleName(name);
        connect(box, &QSpinBox::valueChanged, this, &ClockForm::update_example);
        fields->addWidget(box);
    };
    field(m_days, static_cast<int>(case_file::k_largest_clock_offset / k_day) - 1, tr("d"), tr("Days"));
    field(m_hours, 23, tr("h"), tr("Hours"));
    field(m_minutes, 59, tr("min"), tr("Minutes"));
    field(m_seconds, 59, tr("s"), tr("Seconds"));
    m_source->setObjectName(QStringLiteral("source"));
    m_source->setPlaceholderText(tr("Known from: who compared it, with what"));
    m_source->setAccessibleName(tr("Where the offset is known from"));
    fields->addWidget(m_source, 1);
    fields->addWidget(m_done);
    auto* close = new QPushButton(tr("Close"), this);
    fields->addWidget(close);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(16, 8, 16, 8);
    all->setSpacing(4);
    all->addLayout(fields);
    all->addWidget(m_example);
    connect(m_direction, &QComboBox::currentIndexChanged, this, &ClockForm::update_example);
    connect(m_source, &QLineEdit::textChanged, this, &ClockForm::update_example);
    connect(m_source, &QLineEdit::returnPressed, this, &ClockForm::give);
    connect(m_done, &QPushButton::clicked, this, &ClockForm::give);
    connect(close, &QPushButton::clicked, this, &QWidget::hide);
    hide();
}

void ClockForm::open(std::int64_t offset, const QString& source, const std::optional<base::Timestamp>& example, const TimeFormat& format) {
    m_time = example, m_format = format;
    const auto by = std::abs(offset);
    m_direction->setCurrentIndex(offset < 0 ? 1 : 0);
    m_days->setValue(static_cast<int>(by / k_day));
    m_hours->setValue(static_cast<int>(by % k_day / k_hour));
    m_minutes->setValue(static_cast<int>(by % k_hour / k_minute));
    m_seconds->setValue(static_cast<int>(by % k_minute));
    m_source->setText(source);
    update_example();
    show();
    m_direction->setFocus();
}

std::int64_t ClockForm::offset() const {
    const auto by = m_days->value() * k_day + m_hours->value() * k_hour + m_minutes->value() * k_minute + m_seconds->value();
    return m_direction->currentIndex() == 1 ? -by : by;
}

void ClockForm::update_example() {
    const case_file::Clock clock{offset(), {}};
    const bool known = clock.is_right() || !m_source->text().trimmed().isEmpty();
    m_done->setEnabled(known);
    if (!known) m_example->setText(tr("Say where the offset is known from; it stands in the custody log and in every report."));
    else if (!m_time) m_example->setText(tr("The records stay as the machine wrote them; what is shown is corrected."));
    else m_example->setText(tr("What the machine wrote as %1 happened at %2. The records stay as they are.").arg(m_format.text(*m_time), m_format.text(clock.corrected(*m_time))));
}

void ClockForm::give() {
    if (m_done->isEnabled()) Q_EMIT wanted(offset(), m_source->text().trimmed());
}

}  // namespace deadbox::gui
