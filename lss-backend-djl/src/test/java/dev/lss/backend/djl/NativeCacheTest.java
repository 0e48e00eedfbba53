package dev.lss.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar of two small "libraries" for this machine, and the folder that DJL unpacks it into. */
class NativeCacheTest {

  @TempDir Path dir;

  private Path jar;
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    jar = dir.resolve("natives.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "pytorch/cpu/" + Natives.here() + "/libone.so", "one");
      put(zip, "pytorch/cpu/" + Natives.here() + "/libtwo.so", "two");
      put(
          zip,
          "native/lib/pytorch.properties",
          "version=2.7.1-1\nflavor=cpu\nclassifier=%s\nlibraries=libone.so,libtwo.so\n"
              .formatted(Natives.here()));
      put(zip, "jnilib/%s/cpu/%s".formatted(Natives.here(), bridge()), "bridge");
    }
    folder = dir.resolve("pytorch/2.7.1-1-cpu-" + Natives.here());
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("libone.so"), "one");
    Files.writeString(folder.resolve("libtwo.so"), "two");
    Files.writeString(folder.resolve("0.35.1-" + bridge()), "bridge");
  }

  private static String bridge() {
    return System.mapLibraryName("djl_torch");
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private Natives prepare() throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      Natives natives = Natives.find(loader).orElseThrow();
      NativeCache.prepare(dir, natives, loader);
      return natives;
    }
  }

  @Test
  void the_jar_is_described_by_its_properties() throws IOException {
    assertThat(prepare())
        .isEqualTo(
            new Natives("2.7.1-1", "cpu", Natives.here(), List.of("libone.so", "libtwo.so")));
  }

  @Test
  void without_a_jar_for_this_machine_there_is_none() throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[0], null)) {
      assertThat(Natives.find(loader)).isEqualTo(Optional.empty());
    }
  }

  @Test
  void files_that_are_what_the_jar_holds_stay() throws IOException {
    prepare();

    assertThat(folder.resolve("libone.so")).hasContent("one");
    assertThat(folder.resolve("libtwo.so")).hasContent("two");
    assertThat(folder.resolve("0.35.1-" + bridge())).hasContent("bridge");
  }

  @Test
  void a_changed_byte_a_short_file_and_a_missing_one_remove_the_folder() throws IOException {
    Files.writeString(folder.resolve("libtwo.so"), "twp");
    prepare();
    assertThat(folder).doesNotExist();

    make();
    Files.writeString(folder.resolve("libtwo.so"), "tw");
    prepare();
    assertThat(folder).doesNotExist();

    make();
    Files.delete(folder.resolve("libtwo.so"));
    prepare();
    assertThat(folder).doesNotExist();
  }

  @Test
  void a_changed_bridge_removes_the_folder() throws IOException {
    Files.writeString(folder.resolve("0.35.1-" + bridge()), "brigde");

    prepare();

    assertThat(folder).doesNotExist();
  }
}
