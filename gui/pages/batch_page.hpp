// Batch: many images, one case for each, and the table of what became of them; by `deadbox batch`.
#pragma once

#include "gui/pages/page.hpp"

class QComboBox;
class QLineEdit;
class QProcess;
class QPushButton;
class QStandardItemModel;

namespace deadbox::gui {

class PlainLabel;
class TableView;

class BatchPage final : public Page {
    Q_OBJECT
public:
    explicit BatchPage(Frame& frame, QWidget* parent = nullptr);
    ~BatchPage() override;  // a batch that runs is stopped resumably

    QString title() const override { return tr("Batch"); }
    QIcon icon() const override { return icon_named(QStringLiteral("view-list-details")); }
    bool needs_case() const override { return false; }

    void add_sources(const QStringList& paths);
    void set_folder(const QString& folder);
    void start();
    bool is_running() const { return m_process != nullptr; }
    const QStandardItemModel& machines() const { return *m_machines; }

Q_SIGNALS:
    void ended();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void read_rows();
    void read_progress();
    void take(const QByteArray& line);           // a machine that is done
    void take_progress(const QByteArray& line);  // the queue, a machine that begins, or how far it is
    void fill_row(int row, const QString& machine);
    void update_buttons();

    QStringList m_sources;
    QStandardItemModel* m_machines;
    TableView* m_table;
    QLineEdit* m_folder;
    QComboBox* m_profile;
    PlainLabel *m_queue, *m_outcome;
    QPushButton *m_start, *m_stop;
    QProcess* m_process = nullptr;
    QByteArray m_rest, m_progress_rest;
    QStringList m_words;    // what it says on standard error beside progress
    int m_at = -1;          // row of the machine that runs
    int m_done = 0;         // machines that are done: their rows come first
};

}  // namespace deadbox::gui
