package dev.lss.examples.agree;

import dev.lss.examples.text.CsvTable;
import dev.lss.fuzz.Fuzzing;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tables of {@code lss agree}, up to their statistics. */
public final class CsvFuzzer {

  private CsvFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.csv", data);
    Fuzzing.check(
        () -> {
          CsvTable table = CsvTable.read(file);
          List<String> header = table.header();
          String first = header.get(0);
          String last = header.get(header.size() - 1);
          Agreement agreement =
              Agreement.of(
                  table,
                  new Question(
                      List.of(new Question.Columns(first, last)),
                      List.of(List.of(first, last)),
                      header.size() > 2 ? Optional.of(header.get(1)) : Optional.empty(),
                      Optional.of(new Margin(5, true))));
          AgreementTable.print(agreement, new PrintWriter(Writer.nullWriter()));
        });
  }
}
