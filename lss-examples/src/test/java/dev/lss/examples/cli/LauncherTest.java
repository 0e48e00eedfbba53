package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lss.examples.Forked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lss} in a checkout of three files, with a Java and a Maven that only tell. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final String JAVA =
      """
      #!/bin/sh
      if [ "$1" = -version ]; then echo 'openjdk version "17.0.9"' >&2; exit; fi
      echo "locale $LC_ALL"
      case "$*" in
        *-Xshare:dump*)
          for word; do
            case $word in -XX:SharedArchiveFile=*) echo archive >"${word#*=}" ;; esac
          done ;;
      esac
      for word; do echo "java $word"; done
      """;

  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$@" >>"$CALLS"
      echo '[INFO] Building LSS Core 0.1.0-SNAPSHOT                    [2/7]'
      echo 'Downloaded from central: https://example.org/big.jar (54 MB at 3.1 MB/s)'
      if [ -n "$BROKEN" ]; then echo '[ERROR] no such thing'; exit 1; fi
      mkdir -p lss-core/target lss-examples/target
      class_path=$PWD/lss-core/target/lss-core.jar
      for id in djl tf; do
        case "$*" in *lss.without.$id*) continue ;; esac
        mkdir -p lss-backend-$id/target
        : >lss-backend-$id/target/b.jar
        class_path=$class_path:$PWD/lss-backend-$id/target/b.jar
      done
      : >lss-core/target/lss-core.jar
      : >lss-examples/target/lss.jar
      echo "$class_path" >lss-examples/target/lss.classpath
      """;

  @TempDir private Path folder;
  private Path root;
  private Path calls;

  @BeforeEach
  void makeCheckout() throws IOException {
    root = folder.resolve("checkout");
    calls = folder.resolve("calls");
    Files.createDirectories(root.resolve(".mvn"));
    executable(root.resolve("lss"), Files.readString(Path.of("../lss")));
    Path bin = Files.createDirectories(folder.resolve("bin"));
    executable(bin.resolve("java"), JAVA);
    executable(bin.resolve("javac"), "#!/bin/sh\n");
    executable(bin.resolve("mvn"), MAVEN);
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    for (String module : List.of("lss-core", "lss-examples")) {
      Path source = Files.createDirectories(root.resolve(module).resolve("src/main/java"));
      Files.writeString(source.resolve("A.java"), "class A {}");
      Files.writeString(root.resolve(module).resolve("pom.xml"), "<project/>");
    }
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Forked lss(List<String> environment, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "-i", "CALLS=" + calls));
    command.add("PATH=" + folder.resolve("bin") + ":/usr/bin:/bin");
    command.add("HOME=" + folder);
    command.addAll(environment);
    command.add(root.resolve("lss").toString());
    command.addAll(List.of(words));
    return Forked.run(folder, command);
  }

  private List<String> builds() throws IOException {
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  @Test
  void the_first_run_says_what_it_downloads_and_builds_without_tests_and_what_is_not_needed()
      throws Exception {
    Forked run = lss(List.of(), "demo", "--out", "a b");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("163 MB when it has nothing", "PyTorch and TensorFlow", "274 MB, are not needed")
        .contains("lss: building LSS Core, [2/7]", "lss: downloaded 54 MB");
    assertThat(builds())
        .singleElement()
        .asString()
        .contains("-Dmaven.test.skip=true", "-Dlss.without.djl", "-Dlss.without.tf");
    assertThat(run.out().lines()).endsWith("java demo", "java --out", "java a b");
  }

  @Test
  void a_second_run_starts_no_maven_and_a_changed_source_does() throws Exception {
    lss(List.of(), "demo");
    Forked again = lss(List.of(), "demo");

    assertThat(builds()).hasSize(1);
    assertThat(again.err()).isEmpty();

    Files.setLastModifiedTime(
        root.resolve("lss-core/src/main/java/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
    lss(List.of(), "demo");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void classes_are_kept_for_a_faster_start_until_jars_or_java_change() throws Exception {
    String kept = "java -XX:SharedArchiveFile=" + root.resolve("lss-examples/target/lss.jsa");

    assertThat(lss(List.of(), "demo").out().lines()).contains(kept);
    assertThat(lss(List.of(), "demo").out().lines()).contains(kept);

    Path java = folder.resolve("bin/java");
    Files.writeString(java, Files.readString(java) + "# newer\n");
    assertThat(lss(List.of(), "demo").out()).doesNotContain("SharedArchiveFile");

    Files.writeString(java, JAVA);
    Files.setLastModifiedTime(
        root.resolve("lss-examples/target/lss.classpath"),
        FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(lss(List.of(), "demo").out()).doesNotContain("SharedArchiveFile");
  }

  @Test
  void java_takes_60_percent_of_the_memory_unless_told_otherwise() throws Exception {
    String share = "java -XX:MaxRAMPercentage=60";

    assertThat(lss(List.of(), "demo").out().lines()).contains(share);
    assertThat(lss(List.of("LSS_JAVA_OPTS=-Xmx1g"), "demo").out().lines())
        .contains("java -Xmx1g")
        .doesNotContain(share);
  }

  @Test
  void a_backend_comes_when_a_command_names_it_and_stays() throws Exception {
    lss(List.of(), "demo");
    Forked named = lss(List.of(), "demo", "--backend", "djl");
    lss(List.of(), "export", "--format=savedmodel");
    Forked later = lss(List.of(), "demo");

    assertThat(named.out()).contains("lss-backend-djl").doesNotContain("lss-backend-tf");
    assertThat(named.err()).contains("275 MB when it has nothing");
    assertThat(builds()).hasSize(3);
    assertThat(builds().get(1)).contains("-Dlss.without.tf").doesNotContain("without.djl");
    assertThat(builds().get(2)).doesNotContain("lss.without");
    assertThat(later.out()).contains("lss-backend-djl", "lss-backend-tf");
  }

  @Test
  void with_adds_backends_and_is_no_word_of_the_command() throws Exception {
    Forked run = lss(List.of(), "--with", "all", "backends", "--json");

    assertThat(run.out()).contains("lss-backend-djl", "lss-backend-tf");
    assertThat(run.out().lines()).endsWith("java backends", "java --json");
    assertThat(lss(List.of(), "--with=jax", "demo").err()).contains("djl, tf or all");
  }

  @Test
  void a_build_that_fails_says_why() throws Exception {
    Forked run = lss(List.of("BROKEN=yes"), "demo");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("[ERROR] no such thing", "the build failed", "build.log");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void without_a_locale_java_starts_in_utf_8() throws Exception {
    assertThat(lss(List.of(), "demo").out()).contains("locale C.UTF-8");
    assertThat(lss(List.of("LC_ALL=C"), "demo").out()).contains("locale C.UTF-8");
    assertThat(lss(List.of("LC_ALL=C.UTF-8"), "demo").out()).contains("locale C.UTF-8");
  }

  @Test
  void a_checkout_that_may_not_be_written_to_is_built_in_the_cache() throws Exception {
    assumeFalse(Files.isWritable(Path.of("/")), "whoever may do everything may write anywhere");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      Forked run = lss(List.of("XDG_CACHE_HOME=" + folder.resolve("cache")), "demo");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.err()).contains("may not be written to; building in");
      assertThat(run.out()).contains(folder.resolve("cache/lss").toString());
      assertThat(lss(List.of("XDG_CACHE_HOME=" + folder.resolve("cache")), "demo").err()).isEmpty();
      assertThat(builds()).hasSize(1);
    } finally {
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
