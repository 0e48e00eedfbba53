package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and bytes of files, and what is printed, are the same in every locale. */
class LocaleTest {

  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(12, 12, 12), new Vector3(1.25, 2, 2.5));

  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    float[] hu = new float[12 * 12 * 12];
    short[] manual = new short[hu.length];
    short[] automatic = new short[hu.length];
    for (int n = 0; n < hu.length; n++) {
      hu[n] = n % 701 - 200;
      manual[n] = (short) (n % 12 > 3 && n / 144 > 4 ? 22 : 0);
      automatic[n] = (short) (n % 12 > 4 && n / 144 > 3 ? 22 : 0);
    }
    Nifti.write(folder.resolve("ct.nii"), Volume.wrap(GRID, hu));
    Nifti.writeLabels(folder.resolve("a.nii"), LabelVolume.wrap(GRID, manual));
    Nifti.writeLabels(folder.resolve("b.nii"), LabelVolume.wrap(GRID, automatic));
    StringBuilder table = new StringBuilder("a,b,c\n");
    for (int row = 0; row < 12; row++) {
      table.append(1234.5 + row).append(',').append(1233.25 + row * 1.1);
      table.append(',').append(1235 + row % 5).append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
  }

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  /** Everything that quick commands print and write, by name. */
  private Map<String, String> everything(Locale locale) throws IOException {
    Locale.setDefault(locale);
    Map<String, String> all = new TreeMap<>();
    Path out = folder.resolve("out");
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("--help"),
            List.of("codes"),
            List.of("tasks", "--json"),
            List.of("segment", "--task", "mri"),
            List.of("segment", "--task", "segment", "--threads", "0"),
            List.of(
                "measure",
                "--task",
                "ct-vertebrae",
                "--input",
                folder.resolve("ct.nii"),
                "--labels",
                folder.resolve("a.nii"),
                "--out",
                out),
            List.of(
                "evaluate",
                "--reference",
                folder.resolve("a.nii"),
                "--prediction",
                folder.resolve("b.nii"),
                "--plots",
                "--out",
                out),
            List.of(
                "agree",
                "--table",
                folder.resolve("table.csv"),
                "--columns",
                "a,b",
                "--columns",
                "a,c",
                "--margin",
                "1%",
                "--out",
                out))) {
      Cli run = Cli.run(command.toArray());
      all.put(command.get(0) + " " + command.size(), run.exitCode() + run.out() + run.err());
    }
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals(WrittenFiles.LIST)) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          all.put(name, text.replaceAll("(?s)\"timingsMs\".*", ""));
        }
        Files.delete(file);
      }
    }
    return all;
  }

  @Test
  void a_locale_changes_no_byte() throws IOException {
    Map<String, String> expected = everything(Locale.ROOT);

    assertThat(expected).containsKeys("result.json", "evaluation.json", "bland-altman-2.svg");
    for (String tag : List.of("ar-EG", "tr-TR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai")) {
      Map<String, String> found = everything(Locale.forLanguageTag(tag));
      assertThat(found.keySet()).as(tag).isEqualTo(expected.keySet());
      for (Map.Entry<String, String> one : expected.entrySet()) {
        assertThat(found.get(one.getKey())).as(tag + " " + one.getKey()).isEqualTo(one.getValue());
      }
    }
  }

  @Test
  void the_locales_of_the_test_do_write_other_digits() {
    assertThat(String.format(Locale.forLanguageTag("th-TH-u-nu-thai"), "%d", 12))
        .isEqualTo("\u0e51\u0e52");
  }
}
