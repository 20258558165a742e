<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
    <context>
        <name>Link</name>
        <message>
            <source>path</source>
            <translation>Pfad</translation>
        </message>
        <message>
            <source>file</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>account</source>
            <translation>Konto</translation>
        </message>
        <message>
            <source>address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>hash</source>
            <translation>Hash</translation>
        </message>
        <message>
            <source>finding</source>
            <translation>Befund</translation>
        </message>
        <message>
            <source>fact</source>
            <translation>Tatsache</translation>
        </message>
        <message>
            <source>text</source>
            <translation>Text</translation>
        </message>
        <message>
            <source>type of record</source>
            <translation>Art des Eintrags</translation>
        </message>
    </context>
    <context>
        <name>PreviewWords</name>
        <message>
            <source>format</source>
            <translation>Format</translation>
        </message>
        <message>
            <source>compression</source>
            <translation>Kompression</translation>
        </message>
        <message>
            <source>compressed file</source>
            <translation>komprimierte Datei</translation>
        </message>
        <message>
            <source>uncompressed size</source>
            <translation>entpackte Größe</translation>
        </message>
        <message>
            <source>names</source>
            <translation>Namen</translation>
        </message>
        <message>
            <source>name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>modified</source>
            <translation>geändert</translation>
        </message>
        <message>
            <source>kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>mode</source>
            <translation>Rechte</translation>
        </message>
        <message>
            <source>owner</source>
            <translation>Besitzer</translation>
        </message>
        <message>
            <source>link to</source>
            <translation>Verweis auf</translation>
        </message>
        <message>
            <source>remark</source>
            <translation>Bemerkung</translation>
        </message>
        <message>
            <source>file</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>link</source>
            <translation>Verweis</translation>
        </message>
        <message>
            <source>hard link</source>
            <translation>harter Verweis</translation>
        </message>
        <message>
            <source>device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>pipe</source>
            <translation>Pipe</translation>
        </message>
        <message>
            <source>socket</source>
            <translation>Socket</translation>
        </message>
        <message>
            <source>encrypted</source>
            <translation>verschlüsselt</translation>
        </message>
        <message>
            <source>there are more names than are listed</source>
            <translation>es gibt mehr Namen, als aufgeführt sind</translation>
        </message>
        <message>
            <source>more comes out of this archive than is undone here</source>
            <translation>aus diesem Archiv kommt mehr heraus, als hier entpackt wird</translation>
        </message>
        <message>
            <source>tables</source>
            <translation>Tabellen</translation>
        </message>
        <message>
            <source>rows</source>
            <translation>Zeilen</translation>
        </message>
        <message>
            <source>definition</source>
            <translation>Definition</translation>
        </message>
        <message>
            <source>there are more tables than are listed</source>
            <translation>es gibt mehr Tabellen, als aufgeführt sind</translation>
        </message>
        <message>
            <source>encoding</source>
            <translation>Kodierung</translation>
        </message>
        <message>
            <source>pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <source>free pages</source>
            <translation>freie Seiten</translation>
        </message>
        <message>
            <source>changes of the tables</source>
            <translation>Änderungen der Tabellen</translation>
        </message>
        <message>
            <source>changes that stand in the write-ahead log are shown as made</source>
            <translation>Änderungen, die im Write-Ahead-Log stehen, sind als ausgeführt gezeigt</translation>
        </message>
        <message>
            <source>a change that was under way is taken back, as its journal says</source>
            <translation>eine begonnene Änderung ist zurückgenommen, wie ihr Journal es sagt</translation>
        </message>
        <message>
            <source>state</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>closed</source>
            <translation>geschlossen</translation>
        </message>
        <message>
            <source>was being written</source>
            <translation>wurde gerade geschrieben</translation>
        </message>
        <message>
            <source>archived</source>
            <translation>archiviert</translation>
        </message>
        <message>
            <source>not known</source>
            <translation>nicht bekannt</translation>
        </message>
        <message>
            <source>entries</source>
            <translation>Einträge</translation>
        </message>
        <message>
            <source>entries by its header</source>
            <translation>Einträge laut Kopf</translation>
        </message>
        <message>
            <source>machine id</source>
            <translation>Maschinenkennung</translation>
        </message>
        <message>
            <source>newest boot id</source>
            <translation>jüngste Startkennung</translation>
        </message>
        <message>
            <source>file id</source>
            <translation>Dateikennung</translation>
        </message>
        <message>
            <source>sealed</source>
            <translation>versiegelt</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>unit</source>
            <translation>Unit</translation>
        </message>
        <message>
            <source>program</source>
            <translation>Programm</translation>
        </message>
        <message>
            <source>process</source>
            <translation>Prozess</translation>
        </message>
        <message>
            <source>priority</source>
            <translation>Priorität</translation>
        </message>
        <message>
            <source>message</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <source>sequence</source>
            <translation>Folgenummer</translation>
        </message>
        <message>
            <source>fields</source>
            <translation>Felder</translation>
        </message>
        <message>
            <source>machine</source>
            <translation>Maschine</translation>
        </message>
        <message>
            <source>entry point</source>
            <translation>Einsprungstelle</translation>
        </message>
        <message>
            <source>interpreter</source>
            <translation>Interpreter</translation>
        </message>
        <message>
            <source>name as a library</source>
            <translation>Name als Bibliothek</translation>
        </message>
        <message>
            <source>build id</source>
            <translation>Build-Kennung</translation>
        </message>
        <message>
            <source>compiler</source>
            <translation>Compiler</translation>
        </message>
        <message>
            <source>symbols</source>
            <translation>Symbole</translation>
        </message>
        <message>
            <source>segments and sections</source>
            <translation>Segmente und Abschnitte</translation>
        </message>
        <message>
            <source>packer</source>
            <translation>Packer</translation>
        </message>
        <message>
            <source>bytes behind its end</source>
            <translation>Bytes hinter seinem Ende</translation>
        </message>
        <message>
            <source>what is odd about it</source>
            <translation>was daran auffällt</translation>
        </message>
        <message>
            <source>keeps it from running</source>
            <translation>hindert es am Laufen</translation>
        </message>
        <message>
            <source>it runs all the same</source>
            <translation>es läuft trotzdem</translation>
        </message>
        <message>
            <source>needed libraries</source>
            <translation>benötigte Bibliotheken</translation>
        </message>
        <message>
            <source>library</source>
            <translation>Bibliothek</translation>
        </message>
        <message>
            <source>program, static</source>
            <translation>Programm, statisch</translation>
        </message>
        <message>
            <source>program, position-independent</source>
            <translation>Programm, ortsunabhängig</translation>
        </message>
        <message>
            <source>object</source>
            <translation>Objektdatei</translation>
        </message>
        <message>
            <source>core dump</source>
            <translation>Speicherabbild</translation>
        </message>
        <message>
            <source>other</source>
            <translation>anderes</translation>
        </message>
        <message>
            <source>picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>size in pixels</source>
            <translation>Größe in Pixeln</translation>
        </message>
        <message>
            <source>written by a camera or a program</source>
            <translation>von einer Kamera oder einem Programm geschrieben</translation>
        </message>
        <message>
            <source>description</source>
            <translation>Beschreibung</translation>
        </message>
        <message>
            <source>camera make</source>
            <translation>Kamerahersteller</translation>
        </message>
        <message>
            <source>camera model</source>
            <translation>Kameramodell</translation>
        </message>
        <message>
            <source>software</source>
            <translation>Software</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>geändert</translation>
        </message>
        <message>
            <source>artist</source>
            <translation>Urheber</translation>
        </message>
        <message>
            <source>copyright</source>
            <translation>Urheberrecht</translation>
        </message>
        <message>
            <source>taken</source>
            <translation>aufgenommen</translation>
        </message>
        <message>
            <source>digitized</source>
            <translation>digitalisiert</translation>
        </message>
        <message>
            <source>time offset</source>
            <translation>Zeitversatz</translation>
        </message>
        <message>
            <source>comment</source>
            <translation>Kommentar</translation>
        </message>
        <message>
            <source>picture id</source>
            <translation>Bildkennung</translation>
        </message>
        <message>
            <source>camera owner</source>
            <translation>Besitzer der Kamera</translation>
        </message>
        <message>
            <source>camera serial number</source>
            <translation>Seriennummer der Kamera</translation>
        </message>
        <message>
            <source>lens make</source>
            <translation>Objektivhersteller</translation>
        </message>
        <message>
            <source>lens model</source>
            <translation>Objektivmodell</translation>
        </message>
        <message>
            <source>orientation</source>
            <translation>Ausrichtung</translation>
        </message>
        <message>
            <source>position</source>
            <translation>Ort</translation>
        </message>
        <message>
            <source>altitude</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <source>satellite date</source>
            <translation>Datum der Satelliten</translation>
        </message>
        <message>
            <source>text</source>
            <translation>Text</translation>
        </message>
        <message>
            <source>PNG signature</source>
            <translation>PNG-Signatur</translation>
        </message>
        <message>
            <source>chunk</source>
            <translation>Block</translation>
        </message>
        <message>
            <source>a chunk of the picture ends behind the file</source>
            <translation>ein Block des Bildes endet hinter der Datei</translation>
        </message>
        <message>
            <source>bytes behind the end</source>
            <translation>Bytes hinter dem Ende</translation>
        </message>
        <message>
            <source>start of picture</source>
            <translation>Bildanfang</translation>
        </message>
        <message>
            <source>EXIF or XMP</source>
            <translation>EXIF oder XMP</translation>
        </message>
        <message>
            <source>scan begins</source>
            <translation>Bilddaten beginnen</translation>
        </message>
        <message>
            <source>segment</source>
            <translation>Segment</translation>
        </message>
        <message>
            <source>SQLite header</source>
            <translation>SQLite-Kopf</translation>
        </message>
        <message>
            <source>page size</source>
            <translation>Seitengröße</translation>
        </message>
        <message>
            <source>pages of the database</source>
            <translation>Seiten der Datenbank</translation>
        </message>
        <message>
            <source>list of free pages</source>
            <translation>Liste freier Seiten</translation>
        </message>
        <message>
            <source>user version</source>
            <translation>Benutzerversion</translation>
        </message>
        <message>
            <source>application id</source>
            <translation>Anwendungskennung</translation>
        </message>
        <message>
            <source>the page size is damaged</source>
            <translation>die Seitengröße ist beschädigt</translation>
        </message>
        <message>
            <source>page: rows of a table</source>
            <translation>Seite: Zeilen einer Tabelle</translation>
        </message>
        <message>
            <source>page: inner page of a table</source>
            <translation>Seite: innere Seite einer Tabelle</translation>
        </message>
        <message>
            <source>page: keys of an index</source>
            <translation>Seite: Schlüssel eines Index</translation>
        </message>
        <message>
            <source>page: inner page of an index</source>
            <translation>Seite: innere Seite eines Index</translation>
        </message>
        <message>
            <source>journal header</source>
            <translation>Journal-Kopf</translation>
        </message>
        <message>
            <source>time of the first entry</source>
            <translation>Zeit des ersten Eintrags</translation>
        </message>
        <message>
            <source>time of the last entry</source>
            <translation>Zeit des letzten Eintrags</translation>
        </message>
        <message>
            <source>ELF header</source>
            <translation>ELF-Kopf</translation>
        </message>
        <message>
            <source>program headers</source>
            <translation>Programmköpfe</translation>
        </message>
        <message>
            <source>section headers</source>
            <translation>Abschnittsköpfe</translation>
        </message>
        <message>
            <source>section</source>
            <translation>Abschnitt</translation>
        </message>
        <message>
            <source>segment: loaded</source>
            <translation>Segment: geladen</translation>
        </message>
        <message>
            <source>segment: dynamic linking</source>
            <translation>Segment: dynamisches Binden</translation>
        </message>
        <message>
            <source>segment: interpreter</source>
            <translation>Segment: Interpreter</translation>
        </message>
        <message>
            <source>segment: notes</source>
            <translation>Segment: Notizen</translation>
        </message>
        <message>
            <source>segment: program headers</source>
            <translation>Segment: Programmköpfe</translation>
        </message>
        <message>
            <source>segment: thread storage</source>
            <translation>Segment: Thread-Speicher</translation>
        </message>
        <message>
            <source>the header of the program is cut short</source>
            <translation>der Kopf des Programms ist abgeschnitten</translation>
        </message>
        <message>
            <source>the archive's end is missing</source>
            <translation>das Ende des Archivs fehlt</translation>
        </message>
        <message>
            <source>end of the archive</source>
            <translation>Ende des Archivs</translation>
        </message>
        <message>
            <source>directory of the archive</source>
            <translation>Verzeichnis des Archivs</translation>
        </message>
        <message>
            <source>entry of the directory</source>
            <translation>Eintrag des Verzeichnisses</translation>
        </message>
        <message>
            <source>header of a file</source>
            <translation>Kopf einer Datei</translation>
        </message>
        <message>
            <source>content of a file</source>
            <translation>Inhalt einer Datei</translation>
        </message>
        <message>
            <source>a file of the archive ends behind it</source>
            <translation>eine Datei des Archivs endet hinter ihm</translation>
        </message>
        <message>
            <source>there are more structures than are marked</source>
            <translation>es gibt mehr Strukturen, als markiert sind</translation>
        </message>
        <message>
            <source>gzip header</source>
            <translation>gzip-Kopf</translation>
        </message>
        <message>
            <source>check sum and size</source>
            <translation>Prüfsumme und Größe</translation>
        </message>
        <message>
            <source>superblock: ext</source>
            <translation>Superblock: ext</translation>
        </message>
        <message>
            <source>superblock: XFS</source>
            <translation>Superblock: XFS</translation>
        </message>
        <message>
            <source>superblock: btrfs</source>
            <translation>Superblock: btrfs</translation>
        </message>
        <message>
            <source>boot sector: NTFS</source>
            <translation>Bootsektor: NTFS</translation>
        </message>
        <message>
            <source>boot sector: FAT32</source>
            <translation>Bootsektor: FAT32</translation>
        </message>
        <message>
            <source>boot sector: FAT16</source>
            <translation>Bootsektor: FAT16</translation>
        </message>
        <message>
            <source>boot sector: exFAT</source>
            <translation>Bootsektor: exFAT</translation>
        </message>
        <message>
            <source>label: LVM</source>
            <translation>Label: LVM</translation>
        </message>
        <message>
            <source>header: LUKS</source>
            <translation>Kopf: LUKS</translation>
        </message>
        <message>
            <source>superblock: md</source>
            <translation>Superblock: md</translation>
        </message>
        <message>
            <source>header: swap</source>
            <translation>Kopf: Auslagerungsbereich</translation>
        </message>
        <message>
            <source>volume descriptor: ISO 9660</source>
            <translation>Datenträgerbeschreibung: ISO 9660</translation>
        </message>
        <message>
            <source>signature</source>
            <translation>Signatur</translation>
        </message>
        <message>
            <source>boot code</source>
            <translation>Startcode</translation>
        </message>
        <message>
            <source>disk signature</source>
            <translation>Plattensignatur</translation>
        </message>
        <message>
            <source>partition table</source>
            <translation>Partitionstabelle</translation>
        </message>
        <message>
            <source>partition</source>
            <translation>Partition</translation>
        </message>
        <message>
            <source>content of the partition</source>
            <translation>Inhalt der Partition</translation>
        </message>
        <message>
            <source>GPT header</source>
            <translation>GPT-Kopf</translation>
        </message>
        <message>
            <source>the partition table is damaged</source>
            <translation>die Partitionstabelle ist beschädigt</translation>
        </message>
    </context>
    <context>
        <name>QObject</name>
        <message>
            <source>Copy: %1</source>
            <translation>Kopieren: %1</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
    </context>
    <context>
        <name>TimeFormat</name>
        <message numerus="yes">
            <source>%n second(s)</source>
            <translation>
                <numerusform>%n Sekunde</numerusform>
                <numerusform>%n Sekunden</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n minute(s)</source>
            <translation>
                <numerusform>%n Minute</numerusform>
                <numerusform>%n Minuten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n hour(s)</source>
            <translation>
                <numerusform>%n Stunde</numerusform>
                <numerusform>%n Stunden</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s)</source>
            <translation>
                <numerusform>%n Tag</numerusform>
                <numerusform>%n Tage</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Words</name>
        <message>
            <source>info</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <source>low</source>
            <translation>gering</translation>
        </message>
        <message>
            <source>medium</source>
            <translation>mittel</translation>
        </message>
        <message>
            <source>high</source>
            <translation>hoch</translation>
        </message>
        <message>
            <source>critical</source>
            <translation>kritisch</translation>
        </message>
        <message>
            <source>possible</source>
            <translation>möglich</translation>
        </message>
        <message>
            <source>likely</source>
            <translation>wahrscheinlich</translation>
        </message>
        <message>
            <source>certain</source>
            <translation>sicher</translation>
        </message>
        <message>
            <source>open</source>
            <translation>offen</translation>
        </message>
        <message>
            <source>confirmed</source>
            <translation>bestätigt</translation>
        </message>
        <message>
            <source>dismissed</source>
            <translation>verworfen</translation>
        </message>
        <message>
            <source>initial access</source>
            <translation>Zugang</translation>
        </message>
        <message>
            <source>execution</source>
            <translation>Ausführung</translation>
        </message>
        <message>
            <source>persistence</source>
            <translation>Verankerung</translation>
        </message>
        <message>
            <source>privilege</source>
            <translation>Rechte</translation>
        </message>
        <message>
            <source>hiding</source>
            <translation>Verbergen</translation>
        </message>
        <message>
            <source>use</source>
            <translation>Nutzung</translation>
        </message>
        <message>
            <source>spread</source>
            <translation>Ausbreitung</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::AnalysisRun</name>
        <message>
            <source>%1 cannot be started: %2</source>
            <translation>%1 lässt sich nicht starten: %2</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::BatchPage</name>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>noch %1</translation>
        </message>
        <message>
            <source>Machine %1 of %2.</source>
            <translation>Maschine %1 von %2.</translation>
        </message>
        <message>
            <source>Running: one machine after the other.</source>
            <translation>Läuft: eine Maschine nach der anderen.</translation>
        </message>
        <message>
            <source>The batch was killed. The cases that are done are whole; start it again to go on with the others.</source>
            <translation>Die Reihe wurde abgebrochen (kill). Die fertigen Fälle sind vollständig; starten Sie sie noch einmal, um mit den übrigen fortzufahren.</translation>
        </message>
        <message>
            <source>ended unexpectedly</source>
            <translation>unerwartet beendet</translation>
        </message>
        <message>
            <source>not begun</source>
            <translation>nicht begonnen</translation>
        </message>
        <message>
            <source>not finished</source>
            <translation>nicht fertig</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>compromised</source>
            <translation>kompromittiert</translation>
        </message>
        <message>
            <source>suspicious</source>
            <translation>verdächtig</translation>
        </message>
        <message>
            <source>no indication</source>
            <translation>kein Anzeichen</translation>
        </message>
        <message>
            <source>undetermined</source>
            <translation>unbestimmt</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>fehlgeschlagen</translation>
        </message>
        <message>
            <source>done</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>no evidence could be opened</source>
            <translation>kein Beweismittel ließ sich öffnen</translation>
        </message>
        <message>
            <source>done with gaps</source>
            <translation>fertig mit Lücken</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>angehalten</translation>
        </message>
        <message>
            <source>failed (%1)</source>
            <translation>fehlgeschlagen (%1)</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>Maschine</translation>
        </message>
        <message>
            <source>Verdict</source>
            <translation>Urteil</translation>
        </message>
        <message>
            <source>End</source>
            <translation>Ende</translation>
        </message>
        <message>
            <source>Host</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <source>System</source>
            <translation>System</translation>
        </message>
        <message>
            <source>Folder for the cases and the summary</source>
            <translation>Ordner für die Fälle und die Zusammenfassung</translation>
        </message>
        <message>
            <source>Full</source>
            <translation>Voll</translation>
        </message>
        <message>
            <source>Triage</source>
            <translation>Triage</translation>
        </message>
        <message>
            <source>Add images…</source>
            <translation>Abbilder hinzufügen…</translation>
        </message>
        <message>
            <source>Add a folder…</source>
            <translation>Ordner hinzufügen…</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <source>Start the batch</source>
            <translation>Stapel beginnen</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Disk images, or a manifest</source>
            <translation>Abbilder von Datenträgern, oder ein Verzeichnis</translation>
        </message>
        <message>
            <source>Folder of images</source>
            <translation>Ordner mit Abbildern</translation>
        </message>
        <message>
            <source>Folder for the cases</source>
            <translation>Ordner für die Fälle</translation>
        </message>
        <message>
            <source>Images</source>
            <translation>Abbilder</translation>
        </message>
        <message>
            <source>Cases</source>
            <translation>Fälle</translation>
        </message>
        <message>
            <source>Profile</source>
            <translation>Profil</translation>
        </message>
        <message>
            <source>Machines of the batch</source>
            <translation>Maschinen des Stapels</translation>
        </message>
        <message>
            <source>No machine is done yet. Add images or folders, one machine each; every one becomes a case of its own, and a broken one fails alone.</source>
            <translation>Noch keine Maschine ist fertig. Abbilder oder Ordner hinzufügen, je eine Maschine; jede wird ein eigener Fall, und eine beschädigte scheitert allein.</translation>
        </message>
        <message>
            <source>%1 cannot be started.</source>
            <translation>%1 lässt sich nicht starten.</translation>
        </message>
        <message>
            <source>Done: %1 machines. summary.json and summary.csv lie in the folder.</source>
            <translation>Fertig: %1 Maschinen. summary.json und summary.csv liegen im Ordner.</translation>
        </message>
        <message>
            <source>The batch ended early.</source>
            <translation>Der Stapel endete vorzeitig.</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Stapel</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::ChipBar</name>
        <message>
            <source>Filters</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Take this filter away</source>
            <translation>Diesen Filter entfernen</translation>
        </message>
        <message>
            <source>Filter %1, take away</source>
            <translation>Filter %1 entfernen</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::CoveragePage</name>
        <message>
            <source>gap</source>
            <translation>Lücke</translation>
        </message>
        <message>
            <source>Content in scope that could not be read and could change a finding.</source>
            <translation>Inhalt im Umfang, der nicht lesbar war und einen Befund ändern könnte.</translation>
        </message>
        <message>
            <source>limit</source>
            <translation>Grenze</translation>
        </message>
        <message>
            <source>Not part of what is examined, or cut by a configured cap.</source>
            <translation>Gehört nicht zum Untersuchten oder wurde durch eine Begrenzung gekürzt.</translation>
        </message>
        <message>
            <source>assumption</source>
            <translation>Annahme</translation>
        </message>
        <message>
            <source>Taken to be so where the evidence does not say.</source>
            <translation>So angenommen, wo das Beweismittel nichts sagt.</translation>
        </message>
        <message>
            <source>note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <source>A damaged record inside a file that was otherwise read.</source>
            <translation>Ein beschädigter Eintrag in einer Datei, die sonst gelesen wurde.</translation>
        </message>
        <message>
            <source>Level</source>
            <translation>Stufe</translation>
        </message>
        <message>
            <source>Area</source>
            <translation>Bereich</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>Grund</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Count</source>
            <translation>Anzahl</translation>
        </message>
        <message>
            <source>Example</source>
            <translation>Beispiel</translation>
        </message>
        <message>
            <source>Filter  /</source>
            <translation>Filter  /</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Coverage ledger</source>
            <translation>Verzeichnis der Abdeckung</translation>
        </message>
        <message>
            <source>Nothing was left out, cut or assumed.</source>
            <translation>Nichts wurde ausgelassen, gekürzt oder angenommen.</translation>
        </message>
        <message>
            <source>The ledger cannot be read: %1</source>
            <translation>Das Verzeichnis ist nicht lesbar: %1</translation>
        </message>
        <message>
            <source>Gaps: %1, limits: %2, assumptions: %3, notes: %4</source>
            <translation>Lücken: %1, Grenzen: %2, Annahmen: %3, Hinweise: %4</translation>
        </message>
        <message>
            <source>Select a row to read what it means.</source>
            <translation>Eine Zeile auswählen, um zu lesen, was sie bedeutet.</translation>
        </message>
        <message>
            <source>Coverage</source>
            <translation>Abdeckung</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::CustodyPage</name>
        <message>
            <source>When</source>
            <translation>Wann</translation>
        </message>
        <message>
            <source>By the clock of the workstation</source>
            <translation>Nach der Uhr des Arbeitsplatzes</translation>
        </message>
        <message>
            <source>Who</source>
            <translation>Wer</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Hash</source>
            <translation>Hash</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>Teil</translation>
        </message>
        <message>
            <source>Outcome</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>What was found</source>
            <translation>Was festgestellt wurde</translation>
        </message>
        <message>
            <source>Verify</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Read the media too</source>
            <translation>Auch den Datenträger lesen</translation>
        </message>
        <message>
            <source>Reads the whole evidence again and compares its SHA-256; without it only the case and its log are checked.</source>
            <translation>Liest das ganze Beweismittel noch einmal und vergleicht seinen SHA-256; sonst werden nur der Fall und sein Protokoll geprüft.</translation>
        </message>
        <message>
            <source>Evidence against its hashes, custody chain, tables of the case</source>
            <translation>Beweismittel gegen seine Hashes, Kette der Verwahrung, Tabellen des Falls</translation>
        </message>
        <message>
            <source>Filter  /</source>
            <translation>Filter  /</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Outcome of the verification</source>
            <translation>Ergebnis der Prüfung</translation>
        </message>
        <message>
            <source>Custody log</source>
            <translation>Protokoll der Verwahrung</translation>
        </message>
        <message>
            <source>The log is empty: no analysis has begun yet.</source>
            <translation>Das Protokoll ist leer: Es hat noch keine Analyse begonnen.</translation>
        </message>
        <message>
            <source>The custody log cannot be read: %1</source>
            <translation>Das Protokoll der Verwahrung ist nicht lesbar: %1</translation>
        </message>
        <message>
            <source>Head of the chain: %1</source>
            <translation>Kopf der Kette: %1</translation>
        </message>
        <message>
            <source>Write it down outside of the case: only then can anyone show later that the whole log was not made anew.</source>
            <translation>Außerhalb des Falls notieren: Nur dann lässt sich später zeigen, dass nicht das ganze Protokoll neu gemacht wurde.</translation>
        </message>
        <message>
            <source>Verifying…</source>
            <translation>Prüfung läuft…</translation>
        </message>
        <message>
            <source>Verification did not start: %1 is not installed beside this window</source>
            <translation>Die Prüfung begann nicht: %1 ist nicht neben diesem Fenster installiert</translation>
        </message>
        <message>
            <source>differs</source>
            <translation>weicht ab</translation>
        </message>
        <message>
            <source>not checkable</source>
            <translation>nicht prüfbar</translation>
        </message>
        <message>
            <source>holds</source>
            <translation>stimmt</translation>
        </message>
        <message>
            <source>Verification ended without an answer</source>
            <translation>Die Prüfung endete ohne Antwort</translation>
        </message>
        <message>
            <source>cannot be shown here</source>
            <translation>lässt sich hier nicht zeigen</translation>
        </message>
        <message>
            <source>Everything that can be checked here holds; the rest only something kept elsewhere can show: a report, or the head of the chain</source>
            <translation>Alles stimmt, was sich hier prüfen lässt; den Rest kann nur zeigen, was anderswo aufbewahrt ist: ein Bericht oder der Kopf der Kette</translation>
        </message>
        <message>
            <source>Head that was written down</source>
            <translation>Kopf, der notiert wurde</translation>
        </message>
        <message>
            <source>The head of the chain as it was kept outside of this case: with it, verification shows that the log was not made anew, nor its end cut off.</source>
            <translation>Der Kopf der Kette, wie er außerhalb dieses Falls aufbewahrt wurde: Mit ihm zeigt die Prüfung, dass das Protokoll weder neu gemacht noch am Ende gekürzt wurde.</translation>
        </message>
        <message numerus="yes">
            <source>%n part(s) differ</source>
            <translation>
                <numerusform>%n Teil weicht ab</numerusform>
                <numerusform>%n Teile weichen ab</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>What could be checked holds; %n part(s) could not be</source>
            <translation>
                <numerusform>Was prüfbar war, stimmt; %n Teil war es nicht</numerusform>
                <numerusform>Was prüfbar war, stimmt; %n Teile waren es nicht</numerusform>
            </translation>
        </message>
        <message>
            <source>Everything holds</source>
            <translation>Alles stimmt</translation>
        </message>
        <message>
            <source>Custody</source>
            <translation>Verwahrung</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::DiffView</name>
        <message>
            <source>what it was before the last change</source>
            <translation>was sie vor der letzten Änderung war</translation>
        </message>
        <message>
            <source>what the package delivers</source>
            <translation>was das Paket liefert</translation>
        </message>
        <message>
            <source>what the package replaced</source>
            <translation>was das Paket ersetzt hat</translation>
        </message>
        <message>
            <source>a copy</source>
            <translation>eine Kopie</translation>
        </message>
        <message>
            <source>the same path in another state</source>
            <translation>derselbe Pfad in einem anderen Stand</translation>
        </message>
        <message>
            <source>the file in use</source>
            <translation>die benutzte Datei</translation>
        </message>
        <message>
            <source>a deleted file of this name</source>
            <translation>eine gelöschte Datei dieses Namens</translation>
        </message>
        <message>
            <source>The version that it is compared with</source>
            <translation>Die Fassung, mit der verglichen wird</translation>
        </message>
        <message>
            <source>Differences</source>
            <translation>Unterschiede</translation>
        </message>
        <message>
            <source>It cannot be compared: %1</source>
            <translation>Sie kann nicht verglichen werden: %1</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Wird gelesen…</translation>
        </message>
        <message>
            <source>%1 is larger than %2 MiB and is not compared.</source>
            <translation>%1 ist größer als %2 MiB und wird nicht verglichen.</translation>
        </message>
        <message numerus="yes">
            <source>          … %n equal line(s)</source>
            <translation>
                <numerusform>          … %n gleiche Zeile</numerusform>
                <numerusform>          … %n gleiche Zeilen</numerusform>
            </translation>
        </message>
        <message>
            <source>Both are the same.</source>
            <translation>Beide sind gleich.</translation>
        </message>
        <message>
            <source>%1 lines went (−), %2 came (+).</source>
            <translation>%1 Zeilen fielen weg (−), %2 kamen hinzu (+).</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::EntitiesPage</name>
        <message>
            <source>Tables</source>
            <translation>Tabellen</translation>
        </message>
        <message>
            <source>Filter  /</source>
            <translation>Filter  /</translation>
        </message>
        <message>
            <source>Filter the rows</source>
            <translation>Zeilen filtern</translation>
        </message>
        <message>
            <source>Rows</source>
            <translation>Zeilen</translation>
        </message>
        <message>
            <source>The row</source>
            <translation>Die Zeile</translation>
        </message>
        <message>
            <source>Choose a table on the left.</source>
            <translation>Links eine Tabelle wählen.</translation>
        </message>
        <message>
            <source>%1 rows</source>
            <translation>%1 Zeilen</translation>
        </message>
        <message>
            <source>The evidence has none of these.</source>
            <translation>Das Beweismittel hat nichts davon.</translation>
        </message>
        <message>
            <source>No row has this text.</source>
            <translation>Keine Zeile enthält diesen Text.</translation>
        </message>
        <message>
            <source>The table cannot be read: %1</source>
            <translation>Die Tabelle ist nicht lesbar: %1</translation>
        </message>
        <message>
            <source>The tables cannot be read: %1</source>
            <translation>Die Tabellen sind nicht lesbar: %1</translation>
        </message>
        <message>
            <source>No topic has read anything yet.</source>
            <translation>Noch kein Thema hat etwas gelesen.</translation>
        </message>
        <message>
            <source>Select a row: everything known about it stands here, and each value leads on.</source>
            <translation>Eine Zeile auswählen: Hier steht alles, was über sie bekannt ist, und jeder Wert führt weiter.</translation>
        </message>
        <message>
            <source>Entities</source>
            <translation>Gegenstände</translation>
        </message>
        <message>
            <source>Findings about it</source>
            <translation>Befunde dazu</translation>
        </message>
        <message>
            <source>Also in</source>
            <translation>Auch in</translation>
        </message>
        <message numerus="yes">
            <source>%1, %2: %n row(s) with %3</source>
            <translation>
                <numerusform>%1, %2: %n Zeile mit %3</numerusform>
                <numerusform>%1, %2: %n Zeilen mit %3</numerusform>
            </translation>
        </message>
        <message>
            <source>In the timeline</source>
            <translation>In der Zeitleiste</translation>
        </message>
        <message>
            <source>What the %1 %2 did, or what was done with it</source>
            <translation>Was mit %1 %2 geschah</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::EventsDock</name>
        <message>
            <source>Select something with a time.</source>
            <translation>Etwas mit einem Zeitpunkt auswählen.</translation>
        </message>
        <message>
            <source>Events around the selection</source>
            <translation>Ereignisse um die Auswahl</translation>
        </message>
        <message>
            <source> min</source>
            <translation> min</translation>
        </message>
        <message>
            <source>Minutes before and after</source>
            <translation>Minuten davor und danach</translation>
        </message>
        <message>
            <source>The first %1 around %2</source>
            <translation>Die ersten %1 um %2</translation>
        </message>
        <message>
            <source>%1 around %2</source>
            <translation>%1 um %2</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FactModel</name>
        <message>
            <source>Read from</source>
            <translation>Gelesen aus</translation>
        </message>
        <message>
            <source>The file that this row came from</source>
            <translation>Die Datei, aus der diese Zeile stammt</translation>
        </message>
        <message>
            <source>Secret: `deadbox facts --redact none` prints it</source>
            <translation>Geheim: `deadbox facts --redact none` gibt es aus</translation>
        </message>
        <message>
            <source>hidden</source>
            <translation>verborgen</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FileDetails</name>
        <message>
            <source>What the case knows of the file</source>
            <translation>Was der Fall von der Datei weiß</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>Nothing is chosen.</source>
            <translation>Nichts ist gewählt.</translation>
        </message>
        <message>
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>Pfad</translation>
        </message>
        <message>
            <source>Link to</source>
            <translation>Verweist auf</translation>
        </message>
        <message>
            <source>Inode</source>
            <translation>Inode</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>%1 (%2 bytes)</source>
            <translation>%1 (%2 Byte)</translation>
        </message>
        <message>
            <source>Mode</source>
            <translation>Rechte</translation>
        </message>
        <message>
            <source>Owner and group</source>
            <translation>Besitzer und Gruppe</translation>
        </message>
        <message>
            <source>Links</source>
            <translation>Hardlinks</translation>
        </message>
        <message>
            <source>Content</source>
            <translation>Inhalt</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>The name is deleted and its inode belongs to another file now: the content is not this file's.</source>
            <translation>Der Name ist gelöscht, und sein Inode gehört jetzt einer anderen Datei: Der Inhalt ist nicht der dieser Datei.</translation>
        </message>
        <message>
            <source>Deleted.</source>
            <translation>Gelöscht.</translation>
        </message>
        <message>
            <source>Times</source>
            <translation>Zeiten</translation>
        </message>
        <message>
            <source>Modified</source>
            <translation>Inhalt geändert</translation>
        </message>
        <message>
            <source>Accessed</source>
            <translation>Gelesen</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>Geändert</translation>
        </message>
        <message>
            <source>Born</source>
            <translation>Angelegt</translation>
        </message>
        <message>
            <source>Deleted</source>
            <translation>Gelöscht</translation>
        </message>
        <message>
            <source>Digests</source>
            <translation>Prüfsummen</translation>
        </message>
        <message>
            <source>Extended attributes</source>
            <translation>Erweiterte Attribute</translation>
        </message>
        <message>
            <source>Not read</source>
            <translation>Nicht gelesen</translation>
        </message>
        <message>
            <source>Reference</source>
            <translation>Kennung (ref)</translation>
        </message>
        <message>
            <source>Findings about it</source>
            <translation>Befunde dazu</translation>
        </message>
        <message>
            <source>hidden: a secret</source>
            <translation>verborgen: ein Geheimnis</translation>
        </message>
        <message>
            <source>in place</source>
            <translation>vorhanden</translation>
        </message>
        <message>
            <source>recovered</source>
            <translation>wiederhergestellt</translation>
        </message>
        <message>
            <source>recovered in part</source>
            <translation>teilweise wiederhergestellt</translation>
        </message>
        <message>
            <source>another file&apos;s now</source>
            <translation>gehört jetzt einer anderen Datei</translation>
        </message>
        <message>
            <source>nothing left</source>
            <translation>nichts übrig</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FileListModel</name>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Modified</source>
            <translation>Inhalt geändert</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>Geändert</translation>
        </message>
        <message>
            <source>Accessed</source>
            <translation>Gelesen</translation>
        </message>
        <message>
            <source>Born</source>
            <translation>Angelegt</translation>
        </message>
        <message>
            <source>Deleted</source>
            <translation>Gelöscht</translation>
        </message>
        <message>
            <source>Mode</source>
            <translation>Rechte</translation>
        </message>
        <message>
            <source>Owner</source>
            <translation>Besitzer</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>Gruppieren</translation>
        </message>
        <message>
            <source>Content</source>
            <translation>Inhalt</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>Inode</source>
            <translation>Inode</translation>
        </message>
        <message>
            <source>SHA-256</source>
            <translation>SHA-256</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>link to %1</source>
            <translation>Verweis auf %1</translation>
        </message>
        <message>
            <source>reallocated</source>
            <translation>neu vergeben</translation>
        </message>
        <message>
            <source>deleted</source>
            <translation>gelöscht</translation>
        </message>
        <message>
            <source>%1 bytes</source>
            <translation>%1 Byte</translation>
        </message>
        <message>
            <source>The gravest finding that names it</source>
            <translation>Der schwerste Befund, der sie nennt</translation>
        </message>
        <message>
            <source>When its content was last written</source>
            <translation>Wann ihr Inhalt zuletzt geschrieben wurde</translation>
        </message>
        <message>
            <source>When its inode was last changed: owner, mode, links, content. It cannot be set by hand</source>
            <translation>Wann ihr Inode zuletzt geändert wurde: Besitzer, Rechte, Verweise, Inhalt. Von Hand lässt sich das nicht setzen</translation>
        </message>
        <message>
            <source>When its inode was made</source>
            <translation>Wann ihr Inode angelegt wurde</translation>
        </message>
        <message>
            <source>User id</source>
            <translation>Benutzernummer</translation>
        </message>
        <message>
            <source>Group id</source>
            <translation>Gruppennummer</translation>
        </message>
        <message>
            <source>What its first bytes are</source>
            <translation>Was ihre ersten Bytes sind</translation>
        </message>
        <message>
            <source>Deleted: the name is. Reallocated: its inode is another file's now. Unowned: no package has it, where packages have files. Altered: not what its package delivered. Hidden: a name with a dot</source>
            <translation>Gelöscht: der Name ist es. Neu vergeben: Ihr Inode gehört jetzt einer anderen Datei. Herrenlos: Kein Paket hat sie, wo Pakete Dateien haben. Verändert: nicht, was ihr Paket lieferte. Versteckt: ein Name mit Punkt</translation>
        </message>
        <message>
            <source>altered</source>
            <translation>verändert</translation>
        </message>
        <message>
            <source>unowned</source>
            <translation>herrenlos</translation>
        </message>
        <message>
            <source>hidden</source>
            <translation>versteckt</translation>
        </message>
        <message>
            <source>has a finding</source>
            <translation>hat einen Befund</translation>
        </message>
        <message>
            <source>no finding</source>
            <translation>kein Befund</translation>
        </message>
        <message>
            <source>Package %1</source>
            <translation>Paket %1</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FileViewer</name>
        <message>
            <source>Viewer</source>
            <translation>Betrachter</translation>
        </message>
        <message>
            <source>Go to byte: 4096 or 0x1000</source>
            <translation>Zu Byte: 4096 oder 0x1000</translation>
        </message>
        <message>
            <source>Go to byte</source>
            <translation>Zu Byte</translation>
        </message>
        <message>
            <source>%1 is no byte offset: write 4096 or 0x1000.</source>
            <translation>%1 ist keine Stelle: 4096 oder 0x1000 schreiben.</translation>
        </message>
        <message>
            <source>byte %1 (0x%2)</source>
            <translation>Byte %1 (0x%2)</translation>
        </message>
        <message>
            <source>Text</source>
            <translation>Text</translation>
        </message>
        <message>
            <source>Hex</source>
            <translation>Hex</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Archive</source>
            <translation>Archiv</translation>
        </message>
        <message>
            <source>Database</source>
            <translation>Datenbank</translation>
        </message>
        <message>
            <source>Journal</source>
            <translation>Journal</translation>
        </message>
        <message>
            <source>Program</source>
            <translation>Programm</translation>
        </message>
        <message>
            <source>Properties</source>
            <translation>Eigenschaften</translation>
        </message>
        <message>
            <source>Structures of the file</source>
            <translation>Strukturen der Datei</translation>
        </message>
        <message>
            <source>Go to a structure of the file</source>
            <translation>Zu einer Struktur der Datei gehen</translation>
        </message>
        <message>
            <source>Versions</source>
            <translation>Fassungen</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FilesPage</name>
        <message>
            <source>The evidence is not where it was: its contents cannot be shown.</source>
            <translation>Das Beweismittel ist nicht, wo es war: Seine Inhalte lassen sich nicht zeigen.</translation>
        </message>
        <message>
            <source>Say where it is…</source>
            <translation>Sagen, wo es ist…</translation>
        </message>
        <message>
            <source>With findings</source>
            <translation>Mit Befunden</translation>
        </message>
        <message>
            <source>Files that a finding names</source>
            <translation>Dateien, die ein Befund nennt</translation>
        </message>
        <message>
            <source>Deleted</source>
            <translation>Gelöscht</translation>
        </message>
        <message>
            <source>Names that were deleted and can still be seen</source>
            <translation>Namen, die gelöscht wurden und noch zu sehen sind</translation>
        </message>
        <message>
            <source>Reallocated</source>
            <translation>Neu vergeben</translation>
        </message>
        <message>
            <source>Deleted names whose inode belongs to another file now</source>
            <translation>Gelöschte Namen, deren Inode jetzt einer anderen Datei gehört</translation>
        </message>
        <message>
            <source>Set-id</source>
            <translation>Set-id</translation>
        </message>
        <message>
            <source>Programs that run with the rights of their owner or group</source>
            <translation>Programme, die mit den Rechten von Besitzer oder Gruppe laufen</translation>
        </message>
        <message>
            <source>Large</source>
            <translation>Groß</translation>
        </message>
        <message>
            <source>Files of 100 MiB or more</source>
            <translation>Dateien ab 100 MiB</translation>
        </message>
        <message>
            <source>Export the chosen files…</source>
            <translation>Gewählte Dateien ausgeben…</translation>
        </message>
        <message>
            <source>Go to a path</source>
            <translation>Zu einem Pfad</translation>
        </message>
        <message>
            <source>Path on the machine</source>
            <translation>Pfad auf der Maschine</translation>
        </message>
        <message>
            <source>Name holds…  (Enter looks everywhere)</source>
            <translation>Name enthält…  (Eingabe sucht überall)</translation>
        </message>
        <message>
            <source>Filter by name</source>
            <translation>Nach Namen filtern</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Ausgeben…</translation>
        </message>
        <message>
            <source>Copies of the chosen files into a folder, with a manifest of their hashes</source>
            <translation>Kopien der gewählten Dateien in einen Ordner, mit einem Verzeichnis ihrer Hashes</translation>
        </message>
        <message>
            <source>Folders</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Files</source>
            <translation>Dateien</translation>
        </message>
        <message>
            <source>This file's content cannot be shown.</source>
            <translation>Der Inhalt dieser Datei lässt sich nicht zeigen.</translation>
        </message>
        <message>
            <source>No files here.</source>
            <translation>Hier sind keine Dateien.</translation>
        </message>
        <message>
            <source>The case cannot be read here.</source>
            <translation>Der Fall ist hier nicht lesbar.</translation>
        </message>
        <message>
            <source>This folder is empty.</source>
            <translation>Dieser Ordner ist leer.</translation>
        </message>
        <message>
            <source>No file of this case fits the filter.</source>
            <translation>Keine Datei dieses Falls passt zum Filter.</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Liest…</translation>
        </message>
        <message>
            <source>Looking through all folders…</source>
            <translation>Sucht in allen Ordnern…</translation>
        </message>
        <message>
            <source>%1 cannot be looked up.</source>
            <translation>%1 lässt sich nicht nachschlagen.</translation>
        </message>
        <message>
            <source>This case has no file %1.</source>
            <translation>Dieser Fall hat keine Datei %1.</translation>
        </message>
        <message>
            <source>Nothing is chosen: choose the files to export in the list first.</source>
            <translation>Nichts ist gewählt: zuerst in der Liste die Dateien wählen.</translation>
        </message>
        <message>
            <source>Folder for the copies</source>
            <translation>Ordner für die Kopien</translation>
        </message>
        <message>
            <source>An export is still running.</source>
            <translation>Eine Ausgabe läuft noch.</translation>
        </message>
        <message>
            <source>Not everything could be exported to %1.</source>
            <translation>Nicht alles ließ sich nach %1 ausgeben.</translation>
        </message>
        <message>
            <source>Altered</source>
            <translation>Verändert</translation>
        </message>
        <message>
            <source>Files whose bytes are not those that their package delivered</source>
            <translation>Dateien, deren Bytes nicht die sind, die ihr Paket lieferte</translation>
        </message>
        <message>
            <source>Unowned</source>
            <translation>Herrenlos</translation>
        </message>
        <message>
            <source>Files that no package has, in folders where packages have files</source>
            <translation>Dateien, die kein Paket hat, in Ordnern, in denen Pakete Dateien haben</translation>
        </message>
        <message>
            <source>Hidden</source>
            <translation>Versteckt</translation>
        </message>
        <message>
            <source>Names that begin with a dot, and all below such a folder</source>
            <translation>Namen, die mit einem Punkt beginnen, und alles unter solchen Ordnern</translation>
        </message>
        <message>
            <source>%1 entries so far…</source>
            <translation>bisher %1 Einträge…</translation>
        </message>
        <message>
            <source>Exported to %1, with manifest.sha256</source>
            <translation>Nach %1 exportiert, mit manifest.sha256</translation>
        </message>
        <message>
            <source>At most %1 files are exported at once: choose fewer, or a folder for all below it.</source>
            <translation>Höchstens %1 Dateien werden auf einmal exportiert: Wählen Sie weniger, oder einen Ordner für alles darunter.</translation>
        </message>
        <message>
            <source>No folder for the copies can be made in %1.</source>
            <translation>In %1 lässt sich kein Ordner für die Kopien anlegen.</translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s)</source>
            <translation>
                <numerusform>%Ln Eintrag</numerusform>
                <numerusform>%Ln Einträge</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::CaseSession</name>
        <message>
            <source>the case cannot be written here; copy it to a place where it can</source>
            <translation>der Fall lässt sich hier nicht schreiben; an einen Ort kopieren, wo er es kann</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FindingCard</name>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>The finding</source>
            <translation>Der Befund</translation>
        </message>
        <message>
            <source>Select a finding.</source>
            <translation>Einen Befund auswählen.</translation>
        </message>
        <message>
            <source>Why</source>
            <translation>Warum</translation>
        </message>
        <message>
            <source>Innocent reason</source>
            <translation>Harmlose Erklärung</translation>
        </message>
        <message>
            <source>Next step</source>
            <translation>Nächster Schritt</translation>
        </message>
        <message>
            <source>%1, %2 · rule %3</source>
            <translation>%1, %2 · Regel %3</translation>
        </message>
        <message>
            <source> · provisional: the disk is still being read</source>
            <translation> · vorläufig: Der Datenträger wird noch gelesen</translation>
        </message>
        <message>
            <source>First seen</source>
            <translation>Zuerst gesehen</translation>
        </message>
        <message>
            <source>Last seen</source>
            <translation>Zuletzt gesehen</translation>
        </message>
        <message>
            <source>Confirm</source>
            <translation>Bestätigen</translation>
        </message>
        <message>
            <source>Dismiss…</source>
            <translation>Verwerfen…</translation>
        </message>
        <message>
            <source>Open again</source>
            <translation>Wieder öffnen</translation>
        </message>
        <message>
            <source>Comment…</source>
            <translation>Anmerken…</translation>
        </message>
        <message>
            <source>★ Bookmark</source>
            <translation>★ Lesezeichen</translation>
        </message>
        <message>
            <source>☆ Bookmark</source>
            <translation>☆ Lesezeichen</translation>
        </message>
        <message>
            <source>Take this tag away</source>
            <translation>Dieses Schlagwort entfernen</translation>
        </message>
        <message>
            <source>Add a tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>Why is it innocent? The reason stands in every report.</source>
            <translation>Warum ist es harmlos? Der Grund steht in jedem Bericht.</translation>
        </message>
        <message>
            <source>Reason for dismissing</source>
            <translation>Grund des Verwerfens</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Comment</source>
            <translation>Anmerkung</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Hinzufügen</translation>
        </message>
        <message>
            <source>Shares a file or a digest with</source>
            <translation>Teilt eine Datei oder Prüfsumme mit</translation>
        </message>
        <message numerus="yes">
            <source>Rests on %n item(s)</source>
            <translation>
                <numerusform>Beruht auf %n Stück</numerusform>
                <numerusform>Beruht auf %n Stücken</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Show %n more</source>
            <translation>
                <numerusform>%n weiteres zeigen</numerusform>
                <numerusform>%n weitere zeigen</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 items in all; `deadbox facts CASE --table finding_item` lists them.</source>
            <translation>Insgesamt %1 Stücke; `deadbox facts FALL --table finding_item` listet sie.</translation>
        </message>
        <message>
            <source>name deleted</source>
            <translation>Name gelöscht</translation>
        </message>
        <message>
            <source>content: %1</source>
            <translation>Inhalt: %1</translation>
        </message>
        <message>
            <source>%1 bytes</source>
            <translation>%1 Byte</translation>
        </message>
        <message>
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>Modified</source>
            <translation>Inhalt geändert</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>Geändert</translation>
        </message>
        <message>
            <source>Created</source>
            <translation>Angelegt</translation>
        </message>
        <message>
            <source>Deleted</source>
            <translation>Gelöscht</translation>
        </message>
        <message>
            <source>SHA-256</source>
            <translation>SHA-256</translation>
        </message>
        <message>
            <source>MD5</source>
            <translation>MD5</translation>
        </message>
        <message>
            <source>Reference</source>
            <translation>Vergleich</translation>
        </message>
        <message>
            <source>%1, %2: expected %3, found %4</source>
            <translation>%1, %2: erwartet %3, gefunden %4</translation>
        </message>
        <message>
            <source>Site</source>
            <translation>Auftritt</translation>
        </message>
        <message>
            <source>Excerpt</source>
            <translation>Auszug</translation>
        </message>
        <message>
            <source>Check it yourself</source>
            <translation>Selbst nachprüfen</translation>
        </message>
        <message>
            <source>What the examiners did</source>
            <translation>Was die Prüfenden taten</translation>
        </message>
        <message>
            <source>took away tag %1</source>
            <translation>Schlagwort %1 entfernt</translation>
        </message>
        <message>
            <source>tag %1</source>
            <translation>Schlagwort %1</translation>
        </message>
        <message>
            <source>by the file's creation</source>
            <translation>nach der Anlage der Datei</translation>
        </message>
        <message>
            <source>by the file's last change</source>
            <translation>nach der letzten Änderung der Datei</translation>
        </message>
        <message>
            <source>by the file's modification, which can be forged</source>
            <translation>nach der Inhaltsänderung, die fälschbar ist</translation>
        </message>
        <message>
            <source>by a log</source>
            <translation>nach einem Protokoll</translation>
        </message>
        <message>
            <source>On the media</source>
            <translation>Auf dem Medium</translation>
        </message>
        <message>
            <source>Excerpt, from line %1 on</source>
            <translation>Auszug, ab Zeile %1</translation>
        </message>
        <message>
            <source>offset %1, %2 bytes</source>
            <translation>Versatz %1, %2 Bytes</translation>
        </message>
        <message>
            <source>and %1 more</source>
            <translation>und %1 weitere</translation>
        </message>
        <message numerus="yes">
            <source>Why are these %n innocent? The reason stands in every report.</source>
            <translation>
                <numerusform>Warum ist dieser %n harmlos? Der Grund steht in jedem Bericht.</numerusform>
                <numerusform>Warum sind diese %n harmlos? Der Grund steht in jedem Bericht.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Dismiss all %n</source>
            <translation>
                <numerusform>%n verwerfen</numerusform>
                <numerusform>Alle %n verwerfen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Comment on these %n findings</source>
            <translation>
                <numerusform>Anmerkung zu diesem %n Befund</numerusform>
                <numerusform>Anmerkung zu diesen %n Befunden</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Add to all %n</source>
            <translation>
                <numerusform>Zu diesem %n</numerusform>
                <numerusform>Zu allen %n</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FindingModel</name>
        <message>
            <source>no phase</source>
            <translation>ohne Phase</translation>
        </message>
        <message>
            <source> (provisional)</source>
            <translation> (vorläufig)</translation>
        </message>
        <message>
            <source>Finding</source>
            <translation>Befund</translation>
        </message>
        <message>
            <source>First seen (%1)</source>
            <translation>Zuerst gesehen (%1)</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FindingsPage</name>
        <message>
            <source>Filter  /</source>
            <translation>Filter  /</translation>
        </message>
        <message>
            <source>Filter the findings</source>
            <translation>Befunde filtern</translation>
        </message>
        <message>
            <source>by severity</source>
            <translation>nach Schwere</translation>
        </message>
        <message>
            <source>by topic</source>
            <translation>nach Thema</translation>
        </message>
        <message>
            <source>by phase</source>
            <translation>nach Phase</translation>
        </message>
        <message>
            <source>by state</source>
            <translation>nach Stand</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>Gruppieren</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>Loading…</source>
            <translation>Lädt…</translation>
        </message>
        <message>
            <source>No findings. What was not looked at stands in Coverage.</source>
            <translation>Keine Befunde. Was nicht angesehen wurde, steht unter Abdeckung.</translation>
        </message>
        <message>
            <source>No finding has this text.</source>
            <translation>Kein Befund enthält diesen Text.</translation>
        </message>
        <message>
            <source>Next finding</source>
            <translation>Nächster Befund</translation>
        </message>
        <message>
            <source>Previous finding</source>
            <translation>Voriger Befund</translation>
        </message>
        <message>
            <source>Confirm</source>
            <translation>Bestätigen</translation>
        </message>
        <message>
            <source>Dismiss, with a reason</source>
            <translation>Mit Grund verwerfen</translation>
        </message>
        <message>
            <source>Open again</source>
            <translation>Wieder öffnen</translation>
        </message>
        <message>
            <source>Comment</source>
            <translation>Anmerkung</translation>
        </message>
        <message>
            <source>Bookmark</source>
            <translation>Lesezeichen</translation>
        </message>
        <message>
            <source>Show in timeline</source>
            <translation>In der Zeitleiste zeigen</translation>
        </message>
        <message>
            <source>Show in files</source>
            <translation>In den Dateien zeigen</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Undone.</source>
            <translation>Rückgängig gemacht.</translation>
        </message>
        <message>
            <source>Select a finding.</source>
            <translation>Einen Befund auswählen.</translation>
        </message>
        <message>
            <source>The findings cannot be read: %1</source>
            <translation>Die Befunde sind nicht lesbar: %1</translation>
        </message>
        <message>
            <source>%1 of %2 shown · %3 open, %4 confirmed, %5 dismissed</source>
            <translation>%1 von %2 gezeigt · %3 offen, %4 bestätigt, %5 verworfen</translation>
        </message>
        <message>
            <source>Nothing was changed: %1</source>
            <translation>Nichts wurde geändert: %1</translation>
        </message>
        <message>
            <source>No finding is selected</source>
            <translation>Kein Befund ist ausgewählt</translation>
        </message>
        <message numerus="yes">
            <source>%n finding(s): %1.</source>
            <translation>
                <numerusform>%n Befund: %1.</numerusform>
                <numerusform>%n Befunde: %1.</numerusform>
            </translation>
        </message>
        <message>
            <source>Comment added</source>
            <translation>Anmerkung hinzugefügt</translation>
        </message>
        <message>
            <source>Tag taken away: %1</source>
            <translation>Schlagwort entfernt: %1</translation>
        </message>
        <message>
            <source>Tagged: %1</source>
            <translation>Schlagwort: %1</translation>
        </message>
        <message>
            <source>Export the evidence…</source>
            <translation>Beweise exportieren…</translation>
        </message>
        <message>
            <source>Copies of the files that the findings rest on, with their hashes and a manifest</source>
            <translation>Kopien der Dateien, auf die sich die Befunde stützen, mit ihren Hashwerten und einem Verzeichnis</translation>
        </message>
        <message>
            <source>The evidence is in %1, with its hashes in manifest.sha256.</source>
            <translation>Die Beweise liegen in %1, ihre Hashwerte in manifest.sha256.</translation>
        </message>
        <message>
            <source>Open the folder</source>
            <translation>Ordner öffnen</translation>
        </message>
        <message>
            <source>Not everything could be exported to %1.</source>
            <translation>Nicht alles konnte nach %1 exportiert werden.</translation>
        </message>
        <message>
            <source>Select all that are shown</source>
            <translation>Alle gezeigten auswählen</translation>
        </message>
        <message>
            <source>Only the bookmarked</source>
            <translation>Nur die mit Lesezeichen</translation>
        </message>
        <message>
            <source>Write the conclusion</source>
            <translation>Das Ergebnis schreiben</translation>
        </message>
        <message>
            <source>There is nothing to undo</source>
            <translation>Es gibt nichts zurückzunehmen</translation>
        </message>
        <message>
            <source>Folder for the copies</source>
            <translation>Ordner für die Kopien</translation>
        </message>
        <message>
            <source>The evidence is copied…</source>
            <translation>Die Beweise werden kopiert…</translation>
        </message>
        <message>
            <source>Confirm all that are selected</source>
            <translation>Alle ausgewählten bestätigen</translation>
        </message>
        <message>
            <source>Dismiss…</source>
            <translation>Verwerfen…</translation>
        </message>
        <message>
            <source>Dismiss all that are selected, with a reason</source>
            <translation>Alle ausgewählten verwerfen, mit Begründung</translation>
        </message>
        <message>
            <source>Bookmark all that are selected</source>
            <translation>Lesezeichen an alle ausgewählten</translation>
        </message>
        <message numerus="yes">
            <source>%n selected</source>
            <translation>
                <numerusform>%n ausgewählt</numerusform>
                <numerusform>%n ausgewählt</numerusform>
            </translation>
        </message>
        <message>
            <source>Only its records in the timeline</source>
            <translation>Nur seine Einträge in der Zeitleiste</translation>
        </message>
        <message>
            <source>A finding is dismissed with a reason: it stands in every report.</source>
            <translation>Ein Befund wird mit einem Grund verworfen: er steht in jedem Bericht.</translation>
        </message>
        <message>
            <source>Select all of this group</source>
            <translation>Alle dieser Gruppe auswählen</translation>
        </message>
        <message numerus="yes">
            <source>Select the %n finding(s) of this group</source>
            <translation>
                <numerusform>Den %n Befund dieser Gruppe auswählen</numerusform>
                <numerusform>Die %n Befunde dieser Gruppe auswählen</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FolderModel</name>
        <message>
            <source>%1 (volume %2)</source>
            <translation>%1 (Volume %2)</translation>
        </message>
        <message>
            <source>%1 (volume %2, %3)</source>
            <translation>%1 (Volume %2, %3)</translation>
        </message>
        <message>
            <source>deleted</source>
            <translation>gelöscht</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::GrowthChart</name>
        <message>
            <source>Growth by time</source>
            <translation>Wachstum nach Zeit</translation>
        </message>
        <message>
            <source>%1 on %2, %3 on %4</source>
            <translation>%1 am %2, %3 am %4</translation>
        </message>
        <message>
            <source>No file has a time that tells when it came</source>
            <translation>Keine Datei hat eine Zeit, die sagt, wann sie kam</translation>
        </message>
        <message>
            <source>%1: %2 came in %3 files; %4 in all</source>
            <translation>%1: %2 kamen in %3 Dateien; %4 insgesamt</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::HeatMap</name>
        <message>
            <source>Activity by day and hour</source>
            <translation>Aktivität nach Tag und Stunde</translation>
        </message>
        <message>
            <source>No activity is known</source>
            <translation>Keine Aktivität bekannt</translation>
        </message>
        <message>
            <source>%1 %2: %3 records</source>
            <translation>%1 %2: %3 Einträge</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::HexView</name>
        <message>
            <source>Bytes in hexadecimal</source>
            <translation>Bytes in Hexadezimal</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>Die Datei ist leer.</translation>
        </message>
        <message>
            <source>Nothing is chosen.</source>
            <translation>Nichts ist gewählt.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::Histogram</name>
        <message>
            <source>Histogram of the timeline</source>
            <translation>Häufigkeiten der Zeitleiste</translation>
        </message>
        <message>
            <source>Plus and minus zoom, left and right move, Home shows all.</source>
            <translation>Plus und Minus vergrößern und verkleinern, links und rechts verschieben, Pos1 zeigt alles.</translation>
        </message>
        <message>
            <source>The timeline is empty</source>
            <translation>Die Zeitleiste ist leer</translation>
        </message>
        <message>
            <source>no logs</source>
            <translation>keine Protokolle</translation>
        </message>
        <message>
            <source>at most %1 in %2</source>
            <translation>höchstens %1 in %2</translation>
        </message>
        <message>
            <source>no finding</source>
            <translation>ohne Befund</translation>
        </message>
        <message>
            <source>No records in this stretch. Home shows all of the time.</source>
            <translation>Keine Aufzeichnungen in diesem Abschnitt. Pos1 zeigt die ganze Zeit.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::KeysSheet</name>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>Next and previous row</source>
            <translation>Nächste und vorige Zeile</translation>
        </message>
        <message>
            <source>Enter</source>
            <translation>Eingabe</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Everywhere</source>
            <translation>Überall</translation>
        </message>
        <message>
            <source>Esc</source>
            <translation>Esc</translation>
        </message>
        <message>
            <source>Close what was opened last</source>
            <translation>Zuletzt Geöffnetes schließen</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::LinkMenu</name>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Show in timeline</source>
            <translation>In der Zeitleiste zeigen</translation>
        </message>
        <message>
            <source>Show in files</source>
            <translation>In den Dateien zeigen</translation>
        </message>
        <message>
            <source>Findings about it</source>
            <translation>Befunde dazu</translation>
        </message>
        <message>
            <source>Filter the timeline by it</source>
            <translation>Zeitleiste danach filtern</translation>
        </message>
        <message>
            <source>Exclude it from the timeline</source>
            <translation>Aus der Zeitleiste ausschließen</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copy hash</source>
            <translation>Hash kopieren</translation>
        </message>
        <message>
            <source>Add to a note</source>
            <translation>In eine Notiz</translation>
        </message>
        <message>
            <source>Bookmark</source>
            <translation>Lesezeichen</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::MainWindow</name>
        <message>
            <source>Where the evidence is…</source>
            <translation>Wo das Beweismittel ist…</translation>
        </message>
        <message>
            <source>Where is %1 now?</source>
            <translation>Wo ist %1 jetzt?</translation>
        </message>
        <message>
            <source>The analysis is done, with a warning.</source>
            <translation>Die Analyse ist fertig, mit einer Warnung.</translation>
        </message>
        <message>
            <source>An analysis is writing this case; this window follows it.</source>
            <translation>Eine Analyse schreibt an diesem Fall; dieses Fenster folgt ihr.</translation>
        </message>
        <message>
            <source>Go on with it</source>
            <translation>Damit fortfahren</translation>
        </message>
        <message>
            <source>New window</source>
            <translation>Neues Fenster</translation>
        </message>
        <message>
            <source>The analysis ended unexpectedly: its program was killed. What it had committed is in the case.</source>
            <translation>Die Analyse endete unerwartet: Ihr Programm wurde abgebrochen (kill). Was sie festgeschrieben hatte, steht im Fall.</translation>
        </message>
        <message>
            <source>The analysis of this case did not end by itself: its program was killed, or the workstation went down. What it had committed is here.</source>
            <translation>Die Analyse dieses Falls endete nicht von selbst: Ihr Programm wurde abgebrochen, oder der Arbeitsplatz fiel aus. Was sie festgeschrieben hatte, ist da.</translation>
        </message>
        <message>
            <source>The analysis of this case was stopped before it was done.</source>
            <translation>Die Analyse dieses Falls wurde angehalten, bevor sie fertig war.</translation>
        </message>
        <message>
            <source>The analysis was stopped before it was done.</source>
            <translation>Die Analyse wurde angehalten, bevor sie fertig war.</translation>
        </message>
        <message>
            <source>The case cannot be written here: copy it to a place where it can, and go on there.</source>
            <translation>Der Fall ist hier nicht beschreibbar: Kopieren Sie ihn dorthin, wo er es ist, und fahren Sie dort fort.</translation>
        </message>
        <message>
            <source>The disk cannot be opened.</source>
            <translation>Der Datenträger lässt sich nicht öffnen.</translation>
        </message>
        <message>
            <source>evidence and case read-only ✓</source>
            <translation>Beweismittel und Fall nur lesbar ✓</translation>
        </message>
        <message>
            <source>Events around the selection</source>
            <translation>Ereignisse um die Auswahl</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Forward</source>
            <translation>Vorwärts</translation>
        </message>
        <message>
            <source>Time zone</source>
            <translation>Zeitzone</translation>
        </message>
        <message>
            <source>UTC</source>
            <translation>UTC</translation>
        </message>
        <message>
            <source>The machine's zone</source>
            <translation>Zone der Maschine</translation>
        </message>
        <message>
            <source>My own zone</source>
            <translation>Meine eigene Zone</translation>
        </message>
        <message>
            <source>Pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <source>&amp;Case</source>
            <translation>&amp;Fall</translation>
        </message>
        <message>
            <source>Open case…</source>
            <translation>Fall öffnen…</translation>
        </message>
        <message>
            <source>Open case</source>
            <translation>Fall öffnen</translation>
        </message>
        <message>
            <source>Cases (*.deadbox);;All files (*)</source>
            <translation>Fälle (*.deadbox);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Close case</source>
            <translation>Fall schließen</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <source>Copy as text</source>
            <translation>Als Text kopieren</translation>
        </message>
        <message>
            <source>Copy as JSON</source>
            <translation>Als JSON kopieren</translation>
        </message>
        <message>
            <source>Search everything…</source>
            <translation>Überall suchen…</translation>
        </message>
        <message>
            <source>Filter this page</source>
            <translation>Diese Seite filtern</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <source>Colours</source>
            <translation>Farben</translation>
        </message>
        <message>
            <source>Like the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>&amp;Go</source>
            <translation>&amp;Gehe zu</translation>
        </message>
        <message>
            <source>&amp;Page</source>
            <translation>&amp;Seite</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>Keys of this page</source>
            <translation>Tasten dieser Seite</translation>
        </message>
        <message>
            <source>%1 cannot show this %2</source>
            <translation>%1 kann dies nicht zeigen: %2</translation>
        </message>
        <message>
            <source>The case has no hash of this file: its content was not read</source>
            <translation>Der Fall hat keinen Hash dieser Datei: Ihr Inhalt wurde nicht gelesen</translation>
        </message>
        <message>
            <source>SHA-256 copied</source>
            <translation>SHA-256 kopiert</translation>
        </message>
        <message>
            <source>Bookmarked</source>
            <translation>Lesezeichen gesetzt</translation>
        </message>
        <message>
            <source>No case is open</source>
            <translation>Kein Fall ist offen</translation>
        </message>
        <message>
            <source>evidence read-only ✓</source>
            <translation>Beweismittel nur gelesen ✓</translation>
        </message>
        <message>
            <source>The evidence is opened for reading only; every analysis is recorded in the custody log.</source>
            <translation>Das Beweismittel wird nur zum Lesen geöffnet; jede Analyse steht im Protokoll der Verwahrung.</translation>
        </message>
        <message>
            <source>The case cannot be read: %1</source>
            <translation>Der Fall ist nicht lesbar: %1</translation>
        </message>
        <message>
            <source>The machine's time zone is not known; times stay in UTC</source>
            <translation>Die Zeitzone der Maschine ist unbekannt; Zeiten bleiben in UTC</translation>
        </message>
        <message>
            <source>Nothing is selected</source>
            <translation>Nichts ist ausgewählt</translation>
        </message>
        <message>
            <source>Copied as JSON</source>
            <translation>Als JSON kopiert</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
        <message>
            <source>New case…</source>
            <translation>Neuer Fall…</translation>
        </message>
        <message>
            <source>Go on with the analysis</source>
            <translation>Analyse fortsetzen</translation>
        </message>
        <message>
            <source>The analysis is done.</source>
            <translation>Die Analyse ist fertig.</translation>
        </message>
        <message>
            <source>The analysis is done; Coverage says what could not be read.</source>
            <translation>Die Analyse ist fertig; was nicht lesbar war, steht unter Abdeckung.</translation>
        </message>
        <message>
            <source>The analysis of %1 failed.</source>
            <translation>Die Analyse von %1 schlug fehl.</translation>
        </message>
        <message>
            <source>An analysis is still running.</source>
            <translation>Eine Analyse läuft noch.</translation>
        </message>
        <message>
            <source>Stop it; it can be resumed</source>
            <translation>Anhalten; sie lässt sich fortsetzen</translation>
        </message>
        <message>
            <source>Let it go on without the window</source>
            <translation>Ohne das Fenster weiterlaufen lassen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Zone that times are shown in</source>
            <translation>Zone, in der Zeiten gezeigt werden</translation>
        </message>
        <message>
            <source>The machine's clock was %1 s ahead</source>
            <translation>Die Uhr der Maschine ging %1 s vor</translation>
        </message>
        <message>
            <source>The machine's clock was %1 s behind</source>
            <translation>Die Uhr der Maschine ging %1 s nach</translation>
        </message>
        <message>
            <source>; times are shown corrected by that. Source: %1</source>
            <translation>; Zeiten sind danach berichtigt. Quelle: %1</translation>
        </message>
        <message>
            <source>%1, clock corrected</source>
            <translation>%1, Uhr berichtigt</translation>
        </message>
        <message>
            <source>Correct the machine's clock…</source>
            <translation>Uhr der Maschine berichtigen…</translation>
        </message>
        <message>
            <source>The analysis is running</source>
            <translation>Die Untersuchung läuft</translation>
        </message>
        <message>
            <source>Search everything   %1</source>
            <translation>Überall suchen   %1</translation>
        </message>
        <message>
            <source>This page has no commands of its own</source>
            <translation>Diese Seite hat keine eigenen Befehle</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::MessageBar</name>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Meldung</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::NewCaseForm</name>
        <message>
            <source>Known sets and rules…</source>
            <translation>Bekannte Dateien und Regeln…</translation>
        </message>
        <message>
            <source>%1 is not open yet.</source>
            <translation>%1 ist noch nicht geöffnet.</translation>
        </message>
        <message>
            <source>Attached disks…</source>
            <translation>Angeschlossene Datenträger…</translation>
        </message>
        <message>
            <source>That it was so is recorded in the custody log and in the report.</source>
            <translation>Dass es so war, steht im Protokoll der Beweiskette und im Bericht.</translation>
        </message>
        <message>
            <source>asking for the disk…</source>
            <translation>der Datenträger wird angefordert…</translation>
        </message>
        <message>
            <source>▲ note</source>
            <translation>▲ Hinweis</translation>
        </message>
        <message>
            <source>Evidence of one machine</source>
            <translation>Beweismittel einer Maschine</translation>
        </message>
        <message>
            <source>What it is</source>
            <translation>Was es ist</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Add images…</source>
            <translation>Abbilder hinzufügen…</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Disk images</source>
            <translation>Abbilder</translation>
        </message>
        <message>
            <source>Disk images (*.raw *.dd *.img *.001 *.E01 *.qcow2 *.vmdk *.vhd *.iso);;All files (*)</source>
            <translation>Abbilder (*.raw *.dd *.img *.001 *.E01 *.qcow2 *.vmdk *.vhd *.iso);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Who ordered or permitted this examination: a person, a contract, a warrant</source>
            <translation>Wer diese Untersuchung angeordnet oder erlaubt hat: eine Person, ein Vertrag, ein Beschluss</translation>
        </message>
        <message>
            <source>Everything; or globs such as /var/** /etc/**</source>
            <translation>Alles; oder Muster wie /var/** /etc/**</translation>
        </message>
        <message>
            <source>Nothing; or globs such as /home/**</source>
            <translation>Nichts; oder Muster wie /home/**</translation>
        </message>
        <message>
            <source>As the machine was set; or a name such as Europe/Berlin</source>
            <translation>Wie die Maschine eingestellt war; oder ein Name wie Europe/Berlin</translation>
        </message>
        <message>
            <source>Full: every file is hashed and classified</source>
            <translation>Voll: Jede Datei wird gehasht und eingeordnet</translation>
        </message>
        <message>
            <source>Triage: logs, scripts, accounts and packaged programs first; can be completed later</source>
            <translation>Triage: zuerst Protokolle, Skripte, Konten und Programme aus Paketen; später zu vervollständigen</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <source>Case number</source>
            <translation>Fallnummer</translation>
        </message>
        <message>
            <source>Examiner</source>
            <translation>Prüfer</translation>
        </message>
        <message>
            <source>Organisation</source>
            <translation>Organisation</translation>
        </message>
        <message>
            <source>On whose authority</source>
            <translation>In wessen Auftrag</translation>
        </message>
        <message>
            <source>Description</source>
            <translation>Beschreibung</translation>
        </message>
        <message>
            <source>Profile</source>
            <translation>Profil</translation>
        </message>
        <message>
            <source>Scope</source>
            <translation>Umfang</translation>
        </message>
        <message>
            <source>Leave out</source>
            <translation>Auslassen</translation>
        </message>
        <message>
            <source>Time zone</source>
            <translation>Zeitzone</translation>
        </message>
        <message>
            <source>Case file</source>
            <translation>Falldatei</translation>
        </message>
        <message>
            <source>Start the analysis</source>
            <translation>Analyse beginnen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>New case</source>
            <translation>Neuer Fall</translation>
        </message>
        <message>
            <source>All disks or images of one machine together. They are opened read-only; nothing is ever written to them.</source>
            <translation>Alle Datenträger oder Abbilder einer Maschine zusammen. Sie werden nur gelesen; nie wird etwas auf sie geschrieben.</translation>
        </message>
        <message>
            <source>looking into it…</source>
            <translation>wird angesehen…</translation>
        </message>
        <message>
            <source>%1 cannot be started.</source>
            <translation>%1 lässt sich nicht starten.</translation>
        </message>
        <message>
            <source>cannot be opened</source>
            <translation>lässt sich nicht öffnen</translation>
        </message>
        <message>
            <source>%1 cannot be opened as evidence.</source>
            <translation>%1 lässt sich nicht als Beweismittel öffnen.</translation>
        </message>
        <message>
            <source>volume %1</source>
            <translation>Volume %1</translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>nothing that is read</source>
            <translation>nichts, was gelesen wird</translation>
        </message>
        <message>
            <source>Deadbox cases (*.deadbox)</source>
            <translation>Fälle von Deadbox (*.deadbox)</translation>
        </message>
        <message>
            <source>Add at least one image.</source>
            <translation>Mindestens ein Abbild hinzufügen.</translation>
        </message>
        <message>
            <source>Say where the case is kept.</source>
            <translation>Angeben, wo der Fall liegt.</translation>
        </message>
        <message>
            <source>This case is there already: open it, or choose another name.</source>
            <translation>Diesen Fall gibt es schon: öffnen oder einen anderen Namen wählen.</translation>
        </message>
        <message>
            <source>Media and clock…</source>
            <translation>Medien und Uhr…</translation>
        </message>
        <message>
            <source>As the profile has it: SHA-256, none for triage</source>
            <translation>Wie das Profil es vorsieht: SHA-256, bei Triage keine</translation>
        </message>
        <message>
            <source>SHA-256</source>
            <translation>SHA-256</translation>
        </message>
        <message>
            <source>MD5, SHA-1 and SHA-256</source>
            <translation>MD5, SHA-1 und SHA-256</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keine</translation>
        </message>
        <message>
            <source>MD5, SHA-1 or SHA-256 of the media, where you know it: compared and recorded</source>
            <translation>MD5, SHA-1 oder SHA-256 der Medien, wenn Sie ihn kennen: wird verglichen und festgehalten</translation>
        </message>
        <message>
            <source>Replayed in memory: as the machine would find its files</source>
            <translation>Im Speicher abgespielt: wie die Maschine ihre Dateien vorfände</translation>
        </message>
        <message>
            <source>Ignored: as the files lie on the disk</source>
            <translation>Übergangen: wie die Dateien auf dem Datenträger liegen</translation>
        </message>
        <message>
            <source> s ahead</source>
            <translation> s voraus</translation>
        </message>
        <message>
            <source>Who compared the machine&apos;s clock, when, with what</source>
            <translation>Wer die Uhr der Maschine verglichen hat, wann, womit</translation>
        </message>
        <message>
            <source>Digests of the media</source>
            <translation>Prüfsummen der Medien</translation>
        </message>
        <message>
            <source>Expected digest</source>
            <translation>Erwartete Prüfsumme</translation>
        </message>
        <message>
            <source>Journal of file systems</source>
            <translation>Journal der Dateisysteme</translation>
        </message>
        <message>
            <source>The machine&apos;s clock was</source>
            <translation>Die Uhr der Maschine ging</translation>
        </message>
        <message>
            <source>The expected digest is no MD5, SHA-1 or SHA-256 in hexadecimal digits.</source>
            <translation>Die erwartete Prüfsumme ist kein MD5, SHA-1 oder SHA-256 in Hexadezimalziffern.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::NotesPage</name>
        <message>
            <source>action</source>
            <translation>Handlung</translation>
        </message>
        <message>
            <source>decision</source>
            <translation>Entscheidung</translation>
        </message>
        <message>
            <source>communication</source>
            <translation>Mitteilung</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wann</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Who</source>
            <translation>Wer</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Permitted by</source>
            <translation>Erlaubt von</translation>
        </message>
        <message>
            <source>Write the note</source>
            <translation>Notiz schreiben</translation>
        </message>
        <message>
            <source>Save the conclusion</source>
            <translation>Schlussfolgerung sichern</translation>
        </message>
        <message>
            <source>All notes</source>
            <translation>Alle Notizen</translation>
        </message>
        <message>
            <source>Actions</source>
            <translation>Handlungen</translation>
        </message>
        <message>
            <source>Decisions</source>
            <translation>Entscheidungen</translation>
        </message>
        <message>
            <source>Who was told</source>
            <translation>Wer unterrichtet wurde</translation>
        </message>
        <message>
            <source>Which notes</source>
            <translation>Welche Notizen</translation>
        </message>
        <message>
            <source>Filter  /</source>
            <translation>Filter  /</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Notes</source>
            <translation>Notizen</translation>
        </message>
        <message>
            <source>A new note</source>
            <translation>Neue Notiz</translation>
        </message>
        <message>
            <source>What was done, decided or said</source>
            <translation>Was getan, entschieden oder gesagt wurde</translation>
        </message>
        <message>
            <source>Text of the note</source>
            <translation>Text der Notiz</translation>
        </message>
        <message>
            <source>you</source>
            <translation>Sie</translation>
        </message>
        <message>
            <source>now</source>
            <translation>jetzt</translation>
        </message>
        <message>
            <source>The examiner's conclusion</source>
            <translation>Schlussfolgerung der Prüfenden</translation>
        </message>
        <message>
            <source>Your own conclusion. It stands beside the computed verdict in every report.</source>
            <translation>Ihre eigene Schlussfolgerung. Sie steht in jedem Bericht neben dem berechneten Urteil.</translation>
        </message>
        <message>
            <source>Conclusion</source>
            <translation>Schlussfolgerung</translation>
        </message>
        <message>
            <source>no level</source>
            <translation>ohne Stufe</translation>
        </message>
        <message>
            <source>compromised</source>
            <translation>kompromittiert</translation>
        </message>
        <message>
            <source>suspicious</source>
            <translation>verdächtig</translation>
        </message>
        <message>
            <source>no indication</source>
            <translation>kein Anzeichen</translation>
        </message>
        <message>
            <source>undetermined</source>
            <translation>unbestimmt</translation>
        </message>
        <message>
            <source>Level of the conclusion</source>
            <translation>Stufe der Schlussfolgerung</translation>
        </message>
        <message>
            <source>No notes yet. What you do with the evidence, what you decide and whom you tell belongs here.</source>
            <translation>Noch keine Notizen. Hierher gehört, was Sie mit dem Beweismittel tun, was Sie entscheiden und wen Sie unterrichten.</translation>
        </message>
        <message>
            <source>New note</source>
            <translation>Neue Notiz</translation>
        </message>
        <message>
            <source>The notes cannot be read: %1</source>
            <translation>Die Notizen sind nicht lesbar: %1</translation>
        </message>
        <message>
            <source>The note is empty: write what was done, decided or said.</source>
            <translation>Die Notiz ist leer: schreiben, was getan, entschieden oder gesagt wurde.</translation>
        </message>
        <message>
            <source>“%1” is no time. Write it like 2026-03-02 04:11.</source>
            <translation>„%1“ ist keine Zeit. Schreibweise: 2026-03-02 04:11.</translation>
        </message>
        <message>
            <source>The note was not written: %1</source>
            <translation>Die Notiz wurde nicht geschrieben: %1</translation>
        </message>
        <message>
            <source>Written, and recorded in the custody log</source>
            <translation>Geschrieben und im Protokoll der Verwahrung festgehalten</translation>
        </message>
        <message>
            <source>The conclusion was not saved: %1</source>
            <translation>Die Schlussfolgerung wurde nicht gesichert: %1</translation>
        </message>
        <message>
            <source>The conclusion is saved</source>
            <translation>Die Schlussfolgerung ist gesichert</translation>
        </message>
        <message>
            <source>About the %1 %2</source>
            <translation>Zu: %1 %2</translation>
        </message>
        <message>
            <source>the management</source>
            <translation>die Leitung</translation>
        </message>
        <message>
            <source>customers</source>
            <translation>Kunden</translation>
        </message>
        <message>
            <source>lawyers, data protection</source>
            <translation>Juristen, Datenschutz</translation>
        </message>
        <message>
            <source>the police</source>
            <translation>die Polizei</translation>
        </message>
        <message>
            <source>a CERT</source>
            <translation>ein CERT</translation>
        </message>
        <message>
            <source>somebody else</source>
            <translation>jemand anders</translation>
        </message>
        <message>
            <source>Told</source>
            <translation>Benachrichtigt</translation>
        </message>
        <message>
            <source>Whom a communication reached</source>
            <translation>Wen eine Mitteilung erreichte</translation>
        </message>
        <message>
            <source>About</source>
            <translation>Worüber</translation>
        </message>
        <message>
            <source>Written</source>
            <translation>Aufgeschrieben</translation>
        </message>
        <message>
            <source>When it was written down, by the clock of the workstation</source>
            <translation>Wann es aufgeschrieben wurde, nach der Uhr der Arbeitsstation</translation>
        </message>
        <message>
            <source>Correct the chosen note</source>
            <translation>Die gewählte Notiz berichtigen</translation>
        </message>
        <message>
            <source>Corrects note %1: %2</source>
            <translation>Berichtigt Notiz %1: %2</translation>
        </message>
        <message>
            <source>Choose the note that is to be corrected first. It stays what it is: the correction is a note of its own.</source>
            <translation>Wählen Sie zuerst die Notiz, die berichtigt werden soll. Sie bleibt, was sie ist: Die Berichtigung ist eine eigene Notiz.</translation>
        </message>
        <message>
            <source>Corrects note %1</source>
            <translation>Berichtigt Notiz %1</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::OverviewPage</name>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>no</source>
            <translation>nein</translation>
        </message>
        <message>
            <source>cannot say</source>
            <translation>unklar</translation>
        </message>
        <message>
            <source>Overview</source>
            <translation>Überblick</translation>
        </message>
        <message>
            <source>Reading the case…</source>
            <translation>Der Fall wird gelesen…</translation>
        </message>
        <message>
            <source>The case cannot be read: %1</source>
            <translation>Der Fall ist nicht lesbar: %1</translation>
        </message>
        <message>
            <source>Activity by day and hour (%1)</source>
            <translation>Aktivität nach Tag und Stunde (%1)</translation>
        </message>
        <message>
            <source>The analysis is not finished: this is what is known so far.</source>
            <translation>Die Analyse ist nicht zu Ende: Dies ist bisher bekannt.</translation>
        </message>
        <message>
            <source>It rests on</source>
            <translation>Es beruht auf</translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>und %n weiterer</numerusform>
                <numerusform>und %n weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>What was not seen</source>
            <translation>Was nicht gesehen wurde</translation>
        </message>
        <message numerus="yes">
            <source>and %n more, in Coverage</source>
            <translation>
                <numerusform>und %n weitere, unter Abdeckung</numerusform>
                <numerusform>und %n weitere, unter Abdeckung</numerusform>
            </translation>
        </message>
        <message>
            <source>The examiner's conclusion</source>
            <translation>Schlussfolgerung der Prüfenden</translation>
        </message>
        <message>
            <source>Questions</source>
            <translation>Fragen</translation>
        </message>
        <message>
            <source>What happened (%1)</source>
            <translation>Was geschah (%1)</translation>
        </message>
        <message>
            <source>No finding has a time that tells a story.</source>
            <translation>Kein Befund hat eine Zeit, die etwas erzählt.</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message numerus="yes">
            <source>%n dismissed, not counted</source>
            <translation>
                <numerusform>%n verworfen, nicht gezählt</numerusform>
                <numerusform>%n verworfen, nicht gezählt</numerusform>
            </translation>
        </message>
        <message>
            <source>The machines</source>
            <translation>Die Maschinen</translation>
        </message>
        <message>
            <source>The machine</source>
            <translation>Die Maschine</translation>
        </message>
        <message>
            <source>No operating system was found.</source>
            <translation>Es wurde kein Betriebssystem gefunden.</translation>
        </message>
        <message>
            <source>Host</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <source>System</source>
            <translation>System</translation>
        </message>
        <message>
            <source>Kernel</source>
            <translation>Kernel</translation>
        </message>
        <message>
            <source>Time zone</source>
            <translation>Zeitzone</translation>
        </message>
        <message>
            <source>Addresses</source>
            <translation>Adressen</translation>
        </message>
        <message>
            <source>Installed</source>
            <translation>Installiert</translation>
        </message>
        <message>
            <source>Last change</source>
            <translation>Letzte Änderung</translation>
        </message>
        <message>
            <source>Machine id</source>
            <translation>Maschinenkennung</translation>
        </message>
        <message>
            <source>Gaps: %1, limits: %2, assumptions: %3, notes: %4</source>
            <translation>Lücken: %1, Grenzen: %2, Annahmen: %3, Hinweise: %4</translation>
        </message>
        <message>
            <source>What the case knows</source>
            <translation>Was der Fall weiß</translation>
        </message>
        <message>
            <source>Nothing was read yet.</source>
            <translation>Noch wurde nichts gelesen.</translation>
        </message>
        <message>
            <source>%1 in %2 files</source>
            <translation>%1 in %2 Dateien</translation>
        </message>
        <message>
            <source>Files that are still there, from the day on which each was made</source>
            <translation>Dateien, die noch da sind, von dem Tag an, an dem jede angelegt wurde</translation>
        </message>
        <message>
            <source>Files that are still there, from the day of each one's last change: this file system keeps no births</source>
            <translation>Dateien, die noch da sind, vom Tag ihrer letzten Änderung an: Dieses Dateisystem merkt sich nicht, wann sie entstanden</translation>
        </message>
        <message>
            <source>Last boots</source>
            <translation>Letzte Starts</translation>
        </message>
        <message>
            <source>%1 (%2), last login %3</source>
            <translation>%1 (%2), letzte Anmeldung %3</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>Users</source>
            <translation>Benutzer</translation>
        </message>
        <message>
            <source>What was looked at, and what was not</source>
            <translation>Was angesehen wurde und was nicht</translation>
        </message>
        <message>
            <source>%1 files (%2 deleted), %3 events; %4 hashed; %5</source>
            <translation>%1 Dateien (%2 gelöscht), %3 Ereignisse; %4 gehasht; %5</translation>
        </message>
        <message>
            <source>Disk use by folder</source>
            <translation>Belegung nach Ordnern</translation>
        </message>
        <message>
            <source>Adding up…</source>
            <translation>Wird summiert…</translation>
        </message>
        <message>
            <source>Growth by time</source>
            <translation>Wachstum nach Zeit</translation>
        </message>
        <message numerus="yes">
            <source>%Ln volume(s)</source>
            <translation>
                <numerusform>%Ln Volume</numerusform>
                <numerusform>%Ln Volumes</numerusform>
            </translation>
        </message>
        <message>
            <source>No case is open. Open one with %1.</source>
            <translation>Kein Fall ist offen. Mit %1 einen öffnen.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::OwnFilesList</name>
        <message>
            <source>▲ cannot be used: %1</source>
            <translation>▲ nicht verwendbar: %1</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Known sets and rules of your own</source>
            <translation>Eigene Sätze bekannter Dateien und Regeln</translation>
        </message>
        <message>
            <source>What it is</source>
            <translation>Was es ist</translation>
        </message>
        <message>
            <source>Entries</source>
            <translation>Einträge</translation>
        </message>
        <message>
            <source>Add files…</source>
            <translation>Dateien hinzufügen…</translation>
        </message>
        <message>
            <source>Folder of rules…</source>
            <translation>Ordner mit Regeln…</translation>
        </message>
        <message>
            <source>Sets of the distribution's packages (deadbox trust build), of known good or bad files (deadbox hashset import), and YARA rules. Each stands in the case and the report with its SHA-256.</source>
            <translation>Sätze der Pakete der Distribution (deadbox trust build), bekannter guter oder schlechter Dateien (deadbox hashset import) und YARA-Regeln. Alles steht mit seiner SHA-256-Summe im Fall und im Bericht.</translation>
        </message>
        <message>
            <source>Known sets and rules</source>
            <translation>Bekannte Dateien und Regeln</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Folder of YARA rules</source>
            <translation>Ordner mit YARA-Regeln</translation>
        </message>
        <message>
            <source>looking into it…</source>
            <translation>wird angesehen…</translation>
        </message>
        <message>
            <source>%1 cannot be started: %2</source>
            <translation>%1 lässt sich nicht starten: %2</translation>
        </message>
        <message>
            <source>packages as they were published: %1</source>
            <translation>Pakete, wie sie veröffentlicht wurden: %1</translation>
        </message>
        <message>
            <source>known bad files: %1</source>
            <translation>bekannte schlechte Dateien: %1</translation>
        </message>
        <message>
            <source>known good files: %1</source>
            <translation>bekannte gute Dateien: %1</translation>
        </message>
        <message>
            <source>YARA rules</source>
            <translation>YARA-Regeln</translation>
        </message>
        <message>
            <source>YARA rules in %1 files</source>
            <translation>YARA-Regeln in %1 Dateien</translation>
        </message>
        <message>
            <source>%1 is being looked into.</source>
            <translation>%1 wird noch angesehen.</translation>
        </message>
        <message>
            <source>%1 cannot be used: remove it.</source>
            <translation>%1 ist nicht verwendbar: bitte entfernen.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::PictureView</name>
        <message>
            <source>Show the picture</source>
            <translation>Bild zeigen</translation>
        </message>
        <message>
            <source>Pictures of the evidence are blurred until they are asked for</source>
            <translation>Bilder des Beweismittels bleiben unscharf, bis man nach ihnen fragt</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Nothing is chosen.</source>
            <translation>Nichts ist gewählt.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>Die Datei ist leer.</translation>
        </message>
        <message>
            <source>The file is larger than %1 MiB and is not decoded.</source>
            <translation>Die Datei ist größer als %1 MiB und wird nicht dekodiert.</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Liest…</translation>
        </message>
        <message>
            <source>The decoder gave no picture.</source>
            <translation>Der Dekoder gab kein Bild.</translation>
        </message>
        <message>
            <source>%1, %2 × %3 pixels</source>
            <translation>%1, %2 × %3 Pixel</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::PreviewRun</name>
        <message>
            <source>Reading it took too long and was stopped.</source>
            <translation>Das Lesen dauerte zu lange und wurde abgebrochen.</translation>
        </message>
        <message>
            <source>The program that looks into files, deadbox-preview, is missing beside this one.</source>
            <translation>Das Programm, das in Dateien hineinsieht, deadbox-preview, fehlt neben diesem.</translation>
        </message>
        <message>
            <source>This content broke its reader. Nothing else was harmed: it ran locked away.</source>
            <translation>Dieser Inhalt hat seinen Leser zerstört. Sonst nahm nichts Schaden: Er lief eingesperrt.</translation>
        </message>
        <message>
            <source>The reader ended without an answer.</source>
            <translation>Der Leser endete ohne Antwort.</translation>
        </message>
        <message>
            <source>The reader's answer is longer than it may be.</source>
            <translation>Die Antwort des Lesers ist länger, als sie sein darf.</translation>
        </message>
        <message>
            <source>The reader's answer is damaged.</source>
            <translation>Die Antwort des Lesers ist beschädigt.</translation>
        </message>
        <message>
            <source>The reader asked for what is not its own.</source>
            <translation>Der Leser verlangte, was ihm nicht gehört.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::PreviewSheet</name>
        <message>
            <source>Properties</source>
            <translation>Eigenschaften</translation>
        </message>
        <message>
            <source>Tables of the database</source>
            <translation>Tabellen der Datenbank</translation>
        </message>
        <message>
            <source>Contents</source>
            <translation>Inhalt</translation>
        </message>
        <message>
            <source>Nothing is chosen.</source>
            <translation>Nichts ist gewählt.</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Wird gelesen…</translation>
        </message>
        <message>
            <source>The database has no tables.</source>
            <translation>Die Datenbank hat keine Tabellen.</translation>
        </message>
        <message>
            <source>%1: the first %2; scroll down for more</source>
            <translation>%1: die ersten %2; mehr beim Weiterblättern</translation>
        </message>
        <message>
            <source>%1: the first %2; more are not shown</source>
            <translation>%1: die ersten %2; mehr werden nicht gezeigt</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::PreviewTableModel</name>
        <message>
            <source>%1 by a clock whose zone is not told</source>
            <translation>%1 nach einer Uhr, deren Zone nicht genannt ist</translation>
        </message>
        <message>
            <source>%1 bytes</source>
            <translation>%1 Bytes</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::ReportPage</name>
        <message>
            <source>Mark %1</source>
            <translation>Kennzeichen %1</translation>
        </message>
        <message>
            <source>Write the report</source>
            <translation>Bericht schreiben</translation>
        </message>
        <message>
            <source>English</source>
            <translation>Englisch</translation>
        </message>
        <message>
            <source>German</source>
            <translation>Deutsch</translation>
        </message>
        <message>
            <source>No mark</source>
            <translation>Ohne Kennzeichnung</translation>
        </message>
        <message>
            <source>Folder that the report is written into</source>
            <translation>Ordner, in den der Bericht geschrieben wird</translation>
        </message>
        <message>
            <source>Folder of the report</source>
            <translation>Ordner des Berichts</translation>
        </message>
        <message>
            <source>Formats</source>
            <translation>Formate</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Traffic light</source>
            <translation>Weitergabe (TLP)</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Files of the report</source>
            <translation>Dateien des Berichts</translation>
        </message>
        <message>
            <source>Enter or a double click opens the file with the desktop's program</source>
            <translation>Eingabe oder Doppelklick öffnet die Datei mit dem Programm des Schreibtischs</translation>
        </message>
        <message>
            <source>Written</source>
            <translation>Geschrieben</translation>
        </message>
        <message>
            <source>Writing…</source>
            <translation>Schreibt…</translation>
        </message>
        <message>
            <source>%1 cannot be started.</source>
            <translation>%1 lässt sich nicht starten.</translation>
        </message>
        <message>
            <source>Written.</source>
            <translation>Geschrieben.</translation>
        </message>
        <message>
            <source>The report could not be written into %1.</source>
            <translation>Der Bericht ließ sich nicht nach %1 schreiben.</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>Choose a logo…</source>
            <translation>Ein Logo wählen…</translation>
        </message>
        <message>
            <source>The preview is made…</source>
            <translation>Die Vorschau entsteht…</translation>
        </message>
        <message>
            <source>Preview</source>
            <translation>Vorschau</translation>
        </message>
        <message>
            <source>What goes into the report</source>
            <translation>Was in den Bericht kommt</translation>
        </message>
        <message>
            <source>Sections of HTML and PDF</source>
            <translation>Abschnitte von HTML und PDF</translation>
        </message>
        <message>
            <source>Sections of the report</source>
            <translation>Abschnitte des Berichts</translation>
        </message>
        <message>
            <source>What is left out is said on the first page. The summary is always there.</source>
            <translation>Was weggelassen ist, steht auf der ersten Seite. Die Zusammenfassung ist immer dabei.</translation>
        </message>
        <message>
            <source>All</source>
            <translation>Alle</translation>
        </message>
        <message>
            <source>All but the dismissed</source>
            <translation>Alle außer den verworfenen</translation>
        </message>
        <message>
            <source>The confirmed</source>
            <translation>Die bestätigten</translation>
        </message>
        <message>
            <source>The bookmarked</source>
            <translation>Die mit Lesezeichen</translation>
        </message>
        <message>
            <source>Secrets: password hashes, keys, tokens</source>
            <translation>Geheimnisse: Hashes, Schlüssel, Token</translation>
        </message>
        <message>
            <source>Secrets and persons</source>
            <translation>Geheimnisse und Personen</translation>
        </message>
        <message>
            <source>Nothing</source>
            <translation>Nichts</translation>
        </message>
        <message>
            <source>The logo</source>
            <translation>Das Logo</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <source>Choose a logo</source>
            <translation>Ein Logo wählen</translation>
        </message>
        <message>
            <source>Logo of the report</source>
            <translation>Logo des Berichts</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.svg)</source>
            <translation>Bilder (*.png *.jpg *.jpeg *.svg)</translation>
        </message>
        <message>
            <source>Choose the folder of the report</source>
            <translation>Den Ordner des Berichts wählen</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>Leave out</source>
            <translation>Weglassen</translation>
        </message>
        <message>
            <source>Logo</source>
            <translation>Logo</translation>
        </message>
        <message>
            <source>The preview cannot be made: %1</source>
            <translation>Die Vorschau lässt sich nicht erstellen: %1</translation>
        </message>
        <message>
            <source>Its beginning; what is written goes on.</source>
            <translation>Ihr Anfang; was geschrieben wird, geht weiter.</translation>
        </message>
        <message>
            <source>%1 is no picture that can be read.</source>
            <translation>%1 ist kein lesbares Bild.</translation>
        </message>
        <message>
            <source>The logo cannot be kept in %1.</source>
            <translation>Das Logo lässt sich in %1 nicht ablegen.</translation>
        </message>
        <message>
            <source>Take away</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Take the logo away</source>
            <translation>Das Logo entfernen</translation>
        </message>
        <message>
            <source>HTML</source>
            <translation>HTML</translation>
        </message>
        <message>
            <source>For reading on a screen</source>
            <translation>Zum Lesen am Bildschirm</translation>
        </message>
        <message>
            <source>PDF</source>
            <translation>PDF</translation>
        </message>
        <message>
            <source>For printing and for the file</source>
            <translation>Zum Drucken und für die Akte</translation>
        </message>
        <message>
            <source>JSON</source>
            <translation>JSON</translation>
        </message>
        <message>
            <source>Everything, for programs</source>
            <translation>Alles, für Programme</translation>
        </message>
        <message>
            <source>CSV</source>
            <translation>CSV</translation>
        </message>
        <message>
            <source>Tables for a spreadsheet</source>
            <translation>Tabellen für eine Tabellenkalkulation</translation>
        </message>
        <message>
            <source>Body file</source>
            <translation>Body-Datei</translation>
        </message>
        <message>
            <source>Times of files, for mactime</source>
            <translation>Dateizeiten, für mactime</translation>
        </message>
        <message>
            <source>Timesketch</source>
            <translation>Timesketch</translation>
        </message>
        <message>
            <source>The timeline, for import</source>
            <translation>Die Zeitleiste, zum Einlesen</translation>
        </message>
        <message>
            <source>DFXML</source>
            <translation>DFXML</translation>
        </message>
        <message>
            <source>File metadata</source>
            <translation>Metadaten der Dateien</translation>
        </message>
        <message>
            <source>CASE/UCO</source>
            <translation>CASE/UCO</translation>
        </message>
        <message>
            <source>Linked data of the case</source>
            <translation>Verknüpfte Daten des Falls</translation>
        </message>
        <message>
            <source>STIX 2.1</source>
            <translation>STIX 2.1</translation>
        </message>
        <message>
            <source>Indicators to share</source>
            <translation>Merkmale zum Weitergeben</translation>
        </message>
        <message>
            <source>MISP</source>
            <translation>MISP</translation>
        </message>
        <message>
            <source>An event with objects</source>
            <translation>Ein Ereignis mit Objekten</translation>
        </message>
        <message>
            <source>ATT&amp;&amp;CK Navigator</source>
            <translation>ATT&amp;&amp;CK Navigator</translation>
        </message>
        <message>
            <source>A layer of the techniques found</source>
            <translation>Eine Ebene der gefundenen Techniken</translation>
        </message>
        <message>
            <source>Hash list</source>
            <translation>Hashliste</translation>
        </message>
        <message>
            <source>For sha256sum -c</source>
            <translation>Für sha256sum -c</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::RunBar</name>
        <message>
            <source>asking your own sets</source>
            <translation>eigene Sätze werden befragt</translation>
        </message>
        <message>
            <source>%1 read</source>
            <translation>%1 gelesen</translation>
        </message>
        <message>
            <source>This analysis was started elsewhere (process %1) and goes on when this window is closed.</source>
            <translation>Diese Analyse wurde anderswo gestartet (Prozess %1) und läuft weiter, wenn dieses Fenster geschlossen wird.</translation>
        </message>
        <message>
            <source>finding places on the media</source>
            <translation>sucht die Stellen auf dem Datenträger</translation>
        </message>
        <message>
            <source>taking the media's digest</source>
            <translation>bildet die Prüfsumme des Datenträgers</translation>
        </message>
        <message>
            <source>opening the evidence</source>
            <translation>öffnet das Beweismittel</translation>
        </message>
        <message>
            <source>reading names</source>
            <translation>liest Namen</translation>
        </message>
        <message>
            <source>reading the configuration</source>
            <translation>liest die Konfiguration</translation>
        </message>
        <message>
            <source>reading contents</source>
            <translation>liest Inhalte</translation>
        </message>
        <message>
            <source>judging</source>
            <translation>urteilt</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>beginnt</translation>
        </message>
        <message>
            <source>Share of this wave that is done</source>
            <translation>Erledigter Anteil dieses Durchgangs</translation>
        </message>
        <message>
            <source>Stop; it can be resumed</source>
            <translation>Anhalten; lässt sich fortsetzen</translation>
        </message>
        <message>
            <source>Stop the analysis</source>
            <translation>Analyse anhalten</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>%1/s</source>
            <translation>%1/s</translation>
        </message>
        <message>
            <source>%1 files</source>
            <translation>%1 Dateien</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>noch %1</translation>
        </message>
        <message>
            <source>%1 findings</source>
            <translation>%1 Befunde</translation>
        </message>
        <message>
            <source>%1 gaps</source>
            <translation>%1 Lücken</translation>
        </message>
        <message>
            <source>paused</source>
            <translation>pausiert</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>stopping…</source>
            <translation>hält an…</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::SearchPopup</name>
        <message>
            <source>Commands, findings, files, facts, users, addresses</source>
            <translation>Befehle, Befunde, Dateien, Tatsachen, Benutzer, Adressen</translation>
        </message>
        <message>
            <source>Search everything</source>
            <translation>Überall suchen</translation>
        </message>
        <message>
            <source>Results</source>
            <translation>Treffer</translation>
        </message>
        <message>
            <source>command</source>
            <translation>Befehl</translation>
        </message>
        <message>
            <source>Two letters or more search the case too.</source>
            <translation>Ab zwei Zeichen wird auch der Fall durchsucht.</translation>
        </message>
        <message>
            <source>Searching…</source>
            <translation>Sucht…</translation>
        </message>
        <message>
            <source>finding</source>
            <translation>Befund</translation>
        </message>
        <message>
            <source>file</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>user</source>
            <translation>Benutzer</translation>
        </message>
        <message>
            <source>Nothing in findings, files, facts, users and addresses has this text.</source>
            <translation>Nichts in Befunden, Dateien, Tatsachen, Benutzern und Adressen enthält diesen Text.</translation>
        </message>
        <message>
            <source>Enter opens, Esc closes.</source>
            <translation>Eingabe öffnet, Esc schließt.</translation>
        </message>
        <message>
            <source>event</source>
            <translation>Ereignis</translation>
        </message>
        <message>
            <source>Records of the timeline with “%1”</source>
            <translation>Einträge der Zeitleiste mit „%1“</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::StartPage</name>
        <message>
            <source>The %1 images stand together as the disks of one machine.</source>
            <translation>Die %1 Abbilder stehen zusammen als die Datenträger einer Maschine.</translation>
        </message>
        <message>
            <source>There is no image in the folder %1.</source>
            <translation>Im Ordner %1 ist kein Abbild.</translation>
        </message>
        <message>
            <source>They are machines of their own</source>
            <translation>Es sind eigene Maschinen</translation>
        </message>
        <message>
            <source>New case…</source>
            <translation>Neuer Fall…</translation>
        </message>
        <message>
            <source>Open a case…</source>
            <translation>Fall öffnen…</translation>
        </message>
        <message>
            <source>Recent cases</source>
            <translation>Letzte Fälle</translation>
        </message>
        <message>
            <source>Deadbox</source>
            <translation>Deadbox</translation>
        </message>
        <message>
            <source>Drop a disk image here to examine it, or a case to open it. Evidence is opened read-only.</source>
            <translation>Ein Abbild hier ablegen, um es zu untersuchen, oder einen Fall, um ihn zu öffnen. Beweismittel werden nur gelesen.</translation>
        </message>
        <message>
            <source>Open a case</source>
            <translation>Fall öffnen</translation>
        </message>
        <message>
            <source>Deadbox cases (*.deadbox);;All files (*)</source>
            <translation>Fälle von Deadbox (*.deadbox);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>%1 (not there now)</source>
            <translation>%1 (jetzt nicht da)</translation>
        </message>
        <message>
            <source>None yet: cases that you open stand here.</source>
            <translation>Noch keine: Hier stehen Fälle, die Sie öffnen.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Beginn</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::StoryView</name>
        <message>
            <source>The story</source>
            <translation>Der Hergang</translation>
        </message>
        <message>
            <source>%1 later</source>
            <translation>%1 später</translation>
        </message>
        <message>
            <source>time unknown</source>
            <translation>Zeit unbekannt</translation>
        </message>
        <message numerus="yes">
            <source>and %n more; the timeline has all</source>
            <translation>
                <numerusform>und %n weiteres; die Zeitleiste hat alles</numerusform>
                <numerusform>und %n weitere; die Zeitleiste hat alle</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::TextView</name>
        <message>
            <source>UTF-8</source>
            <translation>UTF-8</translation>
        </message>
        <message>
            <source>ISO 8859-1</source>
            <translation>ISO 8859-1</translation>
        </message>
        <message>
            <source>UTF-16 LE</source>
            <translation>UTF-16 LE</translation>
        </message>
        <message>
            <source>UTF-16 BE</source>
            <translation>UTF-16 BE</translation>
        </message>
        <message>
            <source>Encoding</source>
            <translation>Kodierung</translation>
        </message>
        <message>
            <source>How bytes become characters</source>
            <translation>Wie aus Bytes Zeichen werden</translation>
        </message>
        <message>
            <source>Find in this part</source>
            <translation>In diesem Teil suchen</translation>
        </message>
        <message>
            <source>Previous part of the file</source>
            <translation>Voriger Teil der Datei</translation>
        </message>
        <message>
            <source>Next part of the file</source>
            <translation>Nächster Teil der Datei</translation>
        </message>
        <message>
            <source>Content as text</source>
            <translation>Inhalt als Text</translation>
        </message>
        <message>
            <source>The content could not be read.</source>
            <translation>Der Inhalt war nicht lesbar.</translation>
        </message>
        <message>
            <source>Nothing is chosen.</source>
            <translation>Nichts ist gewählt.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>Die Datei ist leer.</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Liest…</translation>
        </message>
        <message>
            <source>not found in this part</source>
            <translation>in diesem Teil nicht gefunden</translation>
        </message>
        <message>
            <source>bytes %1 to %2 of %3</source>
            <translation>Bytes %1 bis %2 von %3</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::TimelineModel</name>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>When it happened; nanoseconds and what was assumed are in the tip</source>
            <translation>Wann es geschah; Nanosekunden und Annahmen stehen im Hinweis</translation>
        </message>
        <message>
            <source>Source</source>
            <translation>Quelle</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Vorgang</translation>
        </message>
        <message>
            <source>What happened, or which of a file's times it is</source>
            <translation>Was geschah, oder welche Zeit einer Datei es ist</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <source>User</source>
            <translation>Benutzer</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Process</source>
            <translation>Prozess</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>How many findings rest on this record</source>
            <translation>Wie viele Befunde auf diesem Eintrag beruhen</translation>
        </message>
        <message>
            <source>Assumed: %1</source>
            <translation>Angenommen: %1</translation>
        </message>
        <message>
            <source>the year</source>
            <translation>das Jahr</translation>
        </message>
        <message>
            <source>the zone</source>
            <translation>die Zone</translation>
        </message>
        <message>
            <source>the time</source>
            <translation>die Zeit</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>The log that says so</source>
            <translation>Das Protokoll, das es sagt</translation>
        </message>
        <message>
            <source>The machine's clock said %1</source>
            <translation>Die Uhr der Maschine zeigte %1</translation>
        </message>
        <message>
            <source>The kind of log, or that it is a time of a file</source>
            <translation>Die Art des Protokolls, oder dass es die Zeit einer Datei ist</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::TimelinePage</name>
        <message>
            <source>Text in messages, names, users, addresses  /  (Enter looks)</source>
            <translation>Text in Meldungen, Namen, Benutzern, Adressen  /  (Eingabe sucht)</translation>
        </message>
        <message>
            <source>Filter by text</source>
            <translation>Nach Text filtern</translation>
        </message>
        <message>
            <source>Jump to 2026-03-02 04:11</source>
            <translation>Springe zu 2026-03-02 04:11</translation>
        </message>
        <message>
            <source>Jump to a time</source>
            <translation>Zu einer Zeit springen</translation>
        </message>
        <message>
            <source>Sources</source>
            <translation>Quellen</translation>
        </message>
        <message>
            <source>Timeline</source>
            <translation>Zeitleiste</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Liest…</translation>
        </message>
        <message>
            <source>“%1” is no time. Write it like 2026-03-02 04:11 or 2026-03-02.</source>
            <translation>„%1“ ist keine Zeit. Schreibweise: 2026-03-02 04:11 oder 2026-03-02.</translation>
        </message>
        <message>
            <source>The timeline cannot be read: %1</source>
            <translation>Die Zeitleiste ist nicht lesbar: %1</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>Sucht…</translation>
        </message>
        <message>
            <source>Nothing has a time yet.</source>
            <translation>Noch hat nichts eine Zeit.</translation>
        </message>
        <message>
            <source>Nothing is left by these filters. Take one away above.</source>
            <translation>Diese Filter lassen nichts übrig. Oben einen entfernen.</translation>
        </message>
        <message>
            <source>Follow this user</source>
            <translation>Diesem Benutzer folgen</translation>
        </message>
        <message>
            <source>Follow this address</source>
            <translation>Dieser Adresse folgen</translation>
        </message>
        <message>
            <source>Follow this file or log</source>
            <translation>Dieser Datei folgen</translation>
        </message>
        <message>
            <source>Show in files</source>
            <translation>In den Dateien zeigen</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Vergrößern</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>Verkleinern</translation>
        </message>
        <message>
            <source>Show all of the time</source>
            <translation>Die ganze Zeit zeigen</translation>
        </message>
        <message>
            <source>Take all filters away</source>
            <translation>Alle Filter entfernen</translation>
        </message>
        <message>
            <source>source: %1</source>
            <translation>Quelle: %1</translation>
        </message>
        <message>
            <source>%1 to %2</source>
            <translation>%1 bis %2</translation>
        </message>
        <message>
            <source>user: %1</source>
            <translation>Benutzer: %1</translation>
        </message>
        <message>
            <source>without user: %1</source>
            <translation>ohne Benutzer: %1</translation>
        </message>
        <message>
            <source>address: %1</source>
            <translation>Adresse: %1</translation>
        </message>
        <message>
            <source>without address: %1</source>
            <translation>ohne Adresse: %1</translation>
        </message>
        <message>
            <source>file: %1</source>
            <translation>Datei: %1</translation>
        </message>
        <message>
            <source>text: %1</source>
            <translation>Text: %1</translation>
        </message>
        <message>
            <source>the first %1 records; narrow the time for the rest</source>
            <translation>die ersten %1 Einträge; für den Rest die Zeit einschränken</translation>
        </message>
        <message>
            <source>%1 records, looking…</source>
            <translation>%1 Einträge, sucht…</translation>
        </message>
        <message>
            <source>A %1 cannot be excluded</source>
            <translation>Ausschließen geht nicht: %1</translation>
        </message>
        <message>
            <source>The case has no file at %1</source>
            <translation>Der Fall hat keine Datei unter %1</translation>
        </message>
        <message>
            <source>This record names none</source>
            <translation>Dieser Eintrag nennt keine</translation>
        </message>
        <message>
            <source>Follow this session</source>
            <translation>Dieser Sitzung folgen</translation>
        </message>
        <message>
            <source>Follow this finding</source>
            <translation>Diesem Befund folgen</translation>
        </message>
        <message>
            <source>Only what is of this type</source>
            <translation>Nur was von dieser Art ist</translation>
        </message>
        <message>
            <source>Only the stretch that is shown</source>
            <translation>Nur der gezeigte Zeitraum</translation>
        </message>
        <message>
            <source>by source</source>
            <translation>nach Quelle</translation>
        </message>
        <message>
            <source>by severity</source>
            <translation>nach Schwere</translation>
        </message>
        <message>
            <source>Stack the histogram</source>
            <translation>Das Histogramm stapeln</translation>
        </message>
        <message>
            <source>What the histogram's bars are stacked by: the records' source, or the severity of the findings that rest on them</source>
            <translation>Wonach die Balken des Histogramms gestapelt sind: die Quelle der Einträge oder die Schwere der Befunde, die sich auf sie stützen</translation>
        </message>
        <message>
            <source>This record names no user and no address</source>
            <translation>Dieser Eintrag nennt weder Benutzer noch Adresse</translation>
        </message>
        <message>
            <source>No finding rests on this record</source>
            <translation>Kein Befund stützt sich auf diesen Eintrag</translation>
        </message>
        <message>
            <source>type: %1</source>
            <translation>Art: %1</translation>
        </message>
        <message>
            <source>without type: %1</source>
            <translation>ohne Art: %1</translation>
        </message>
        <message>
            <source>finding: %1</source>
            <translation>Befund: %1</translation>
        </message>
        <message>
            <source>The machine's clock is taken as right.</source>
            <translation>Die Uhr der Maschine gilt als richtig.</translation>
        </message>
        <message>
            <source>All moments are shown corrected by the machine's clock.</source>
            <translation>Alle Zeitpunkte werden um die Abweichung der Uhr berichtigt gezeigt.</translation>
        </message>
        <message>
            <source>Correct the machine's clock…</source>
            <translation>Uhr der Maschine berichtigen…</translation>
        </message>
        <message>
            <source>Nothing was changed: %1</source>
            <translation>Nichts wurde geändert: %1</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Undone.</source>
            <translation>Rückgängig gemacht.</translation>
        </message>
        <message numerus="yes">
            <source>%Ln record(s)</source>
            <translation>
                <numerusform>%Ln Eintrag</numerusform>
                <numerusform>%Ln Einträge</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::UsageBars</name>
        <message>
            <source>Disk use by folder</source>
            <translation>Belegung nach Ordnern</translation>
        </message>
        <message>
            <source>%1, the rest</source>
            <translation>%1, der Rest</translation>
        </message>
        <message>
            <source>%1: %2 in %3 files</source>
            <translation>%1: %2 in %3 Dateien</translation>
        </message>
        <message>
            <source>No file is known yet</source>
            <translation>Noch ist keine Datei bekannt</translation>
        </message>
    </context>
    <context>
        <name>main</name>
        <message>
            <source>A case to open, or images, disks or folders of images for a new one.</source>
            <translation>Ein Fall, der geöffnet wird, oder Abbilder, Datenträger oder Ordner mit Abbildern für einen neuen.</translation>
        </message>
        <message>
            <source>Analyse the images into this new case at once, without asking for case data.</source>
            <translation>Die Abbilder sofort in diesen neuen Fall analysieren, ohne nach Falldaten zu fragen.</translation>
        </message>
        <message>
            <source>The window over a case of Deadbox.</source>
            <translation>Das Fenster über einem Fall von Deadbox.</translation>
        </message>
        <message>
            <source>light or dark instead of the system's.</source>
            <translation>hell oder dunkel statt wie das System.</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::DiskList</name>
        <message>
            <source>%1 cannot be started.</source>
            <translation>%1 lässt sich nicht starten.</translation>
        </message>
        <message>
            <source>%1 is held by %2</source>
            <translation>%1 wird von %2 gehalten</translation>
        </message>
        <message>
            <source>%1 is held by %2 (%3)</source>
            <translation>%1 wird von %2 gehalten (%3)</translation>
        </message>
        <message>
            <source>%1 is in use by this workstation, which can change it while it is read: %2. Unmount it, or examine an image of it.</source>
            <translation>%1 wird von diesem Arbeitsplatz benutzt, der ihn ändern kann, während er gelesen wird: %2. Hängen Sie ihn aus, oder untersuchen Sie ein Abbild.</translation>
        </message>
        <message>
            <source>%1 is mounted on %2</source>
            <translation>%1 ist unter %2 eingehängt</translation>
        </message>
        <message>
            <source>%1 is swap</source>
            <translation>%1 ist Auslagerungsbereich</translation>
        </message>
        <message>
            <source>, in use: %1</source>
            <translation>, in Benutzung: %1</translation>
        </message>
        <message>
            <source>Attached disks</source>
            <translation>Angeschlossene Datenträger</translation>
        </message>
        <message>
            <source>Disk</source>
            <translation>Datenträger</translation>
        </message>
        <message>
            <source>Examine this disk</source>
            <translation>Diesen Datenträger untersuchen</translation>
        </message>
        <message>
            <source>Look again</source>
            <translation>Neu nachsehen</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>No disk is attached that this workstation shows.</source>
            <translation>Kein Datenträger ist angeschlossen, den dieser Arbeitsplatz zeigt.</translation>
        </message>
        <message>
            <source>Serial number</source>
            <translation>Seriennummer</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>The attached disks cannot be listed.</source>
            <translation>Die angeschlossenen Datenträger lassen sich nicht auflisten.</translation>
        </message>
        <message>
            <source>read-only</source>
            <translation>nur lesbar</translation>
        </message>
        <message>
            <source>writable</source>
            <translation>beschreibbar</translation>
        </message>
        <message>
            <source>▲ Before you attach a disk: the examination rule is not active (%1). This workstation may mount the disk, assemble its RAID or replay its journal, and so change it, before anything is read. Use a write blocker, or install the rule (packaging/udev).</source>
            <translation>▲ Bevor Sie einen Datenträger anschließen: Die Untersuchungsregel ist nicht aktiv (%1). Dieser Arbeitsplatz kann den Datenträger einhängen, sein RAID zusammensetzen oder sein Journal abspielen und ihn so ändern, bevor etwas gelesen ist. Benutzen Sie einen Schreibschutz (Write-Blocker), oder richten Sie die Regel ein (packaging/udev).</translation>
        </message>
        <message>
            <source>▲ IN USE, can be changed: %1</source>
            <translation>▲ IN BENUTZUNG, kann geändert werden: %1</translation>
        </message>
        <message>
            <source>✓ The examination rule is active: a disk that you attach becomes read-only, and nothing mounts or assembles it.</source>
            <translation>✓ Die Untersuchungsregel ist aktiv: Ein Datenträger, den Sie anschließen, wird nur lesbar, und nichts hängt ihn ein oder setzt ihn zusammen.</translation>
        </message>
        <message>
            <source>it is not installed</source>
            <translation>sie ist nicht eingerichtet</translation>
        </message>
        <message>
            <source>%1 switches it off</source>
            <translation>%1 schaltet sie ab</translation>
        </message>
        <message>
            <source>%1 is there, but not the list of the workstation&apos;s own disks</source>
            <translation>%1 ist da, aber nicht die Liste der eigenen Datenträger des Arbeitsplatzes</translation>
        </message>
        <message>
            <source>%1 is there, but udev does not run</source>
            <translation>%1 ist da, aber udev läuft nicht</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::EvidenceExport</name>
        <message>
            <source>%1 cannot be started: %2</source>
            <translation>%1 lässt sich nicht starten: %2</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FindingContext</name>
        <message>
            <source>What happened around it</source>
            <translation>Was rundherum geschah</translation>
        </message>
        <message>
            <source> min</source>
            <translation> min</translation>
        </message>
        <message>
            <source>Minutes before and after</source>
            <translation>Minuten davor und danach</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Wird gelesen…</translation>
        </message>
        <message numerus="yes">
            <source>%n earlier</source>
            <translation>
                <numerusform>%n früherer</numerusform>
                <numerusform>%n frühere</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n later</source>
            <translation>
                <numerusform>%n späterer</numerusform>
                <numerusform>%n spätere</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing else has a time in these minutes.</source>
            <translation>In diesen Minuten hat nichts anderes eine Zeit.</translation>
        </message>
        <message>
            <source>What decoding shows</source>
            <translation>Was beim Entschlüsseln sichtbar wird</translation>
        </message>
        <message>
            <source>What decoding shows in %1</source>
            <translation>Was beim Entschlüsseln von %1 sichtbar wird</translation>
        </message>
        <message>
            <source>Elsewhere in the case</source>
            <translation>Anderswo im Fall</translation>
        </message>
        <message>
            <source>The same content, SHA-256 %1…</source>
            <translation>Derselbe Inhalt, SHA-256 %1…</translation>
        </message>
        <message>
            <source>a file without a name</source>
            <translation>eine Datei ohne Namen</translation>
        </message>
        <message>
            <source>%1 or more</source>
            <translation>%1 oder mehr</translation>
        </message>
        <message>
            <source>%1 logged records of the user %2</source>
            <translation>%1 protokollierte Einträge des Benutzers %2</translation>
        </message>
        <message>
            <source>%1 logged records of the address %2</source>
            <translation>%1 protokollierte Einträge der Adresse %2</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::ReportPreview</name>
        <message>
            <source>Preview of the report</source>
            <translation>Vorschau des Berichts</translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::ClockForm</name>
        <message>
            <source>Correct the times</source>
            <translation>Zeiten berichtigen</translation>
        </message>
        <message>
            <source>The machine's clock was</source>
            <translation>Die Uhr der Maschine ging</translation>
        </message>
        <message>
            <source>ahead by</source>
            <translation>vor um</translation>
        </message>
        <message>
            <source>behind by</source>
            <translation>nach um</translation>
        </message>
        <message>
            <source>Was the machine's clock ahead or behind?</source>
            <translation>Ging die Uhr der Maschine vor oder nach?</translation>
        </message>
        <message>
            <source>d</source>
            <translation>T</translation>
        </message>
        <message>
            <source>Days</source>
            <translation>Tage</translation>
        </message>
        <message>
            <source>h</source>
            <translation>Std</translation>
        </message>
        <message>
            <source>Hours</source>
            <translation>Stunden</translation>
        </message>
        <message>
            <source>min</source>
            <translation>min</translation>
        </message>
        <message>
            <source>Minutes</source>
            <translation>Minuten</translation>
        </message>
        <message>
            <source>s</source>
            <translation>s</translation>
        </message>
        <message>
            <source>Seconds</source>
            <translation>Sekunden</translation>
        </message>
        <message>
            <source>Known from: who compared it, with what</source>
            <translation>Woher bekannt: wer sie womit verglichen hat</translation>
        </message>
        <message>
            <source>Where the offset is known from</source>
            <translation>Woher die Abweichung bekannt ist</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Say where the offset is known from; it stands in the custody log and in every report.</source>
            <translation>Geben Sie an, woher die Abweichung bekannt ist; es steht im Protokoll und in jedem Bericht.</translation>
        </message>
        <message>
            <source>The records stay as the machine wrote them; what is shown is corrected.</source>
            <translation>Die Aufzeichnungen bleiben, wie die Maschine sie schrieb; berichtigt wird, was gezeigt wird.</translation>
        </message>
        <message>
            <source>What the machine wrote as %1 happened at %2. The records stay as they are.</source>
            <translation>Was die Maschine als %1 schrieb, geschah um %2. Die Aufzeichnungen bleiben, wie sie sind.</translation>
        </message>
    </context>
</TS>
