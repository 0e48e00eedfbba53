package dev.lss.examples;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules and packages, looked at in the compiled classes of all modules. The
 * drawing is in docs/decisions.md.
 */
class ArchitectureTest {

  private static final String[] JDK = {"java..", "javax..", "org.jspecify.."};
  private static final String[] API = {"dev.lss.api..", "dev.lss.spi.."};
  private static final String CORE = "dev.lss.core..";
  private static final String DICOM = "dev.lss.dicom..";
  private static final String METRICS = "dev.lss.metrics..";
  private static final String MODELS = "dev.lss.models..";
  private static final String BACKENDS = "dev.lss.backend..";
  private static final String TESTKIT = "dev.lss.testkit..";
  private static final String BENCH = "dev.lss.bench..";
  private static final String EXAMPLES = "dev.lss.examples..";

  private static final String IMAGE = "dev.lss.core.image..";
  private static final String STAGE = "dev.lss.core.stage..";
  private static final String TASK = "dev.lss.core.task..";
  private static final String REPORT = "dev.lss.core.report..";
  private static final String[] TASKS = {
    "dev.lss.core.ct..",
    "dev.lss.core.muscle..",
    "dev.lss.core.segment..",
    "dev.lss.core.ultrasound.."
  };

  /** A package of each module; a rule that saw none of one module would pass without looking. */
  private static final Map<String, String> MODULES =
      Map.ofEntries(
          Map.entry("lss-api", "dev.lss.api.."),
          Map.entry("lss-api (services)", "dev.lss.spi.."),
          Map.entry("lss-core", CORE),
          Map.entry("lss-dicom", DICOM),
          Map.entry("lss-metrics", METRICS),
          Map.entry("lss-models", MODELS),
          Map.entry("lss-backend-onnx", "dev.lss.backend.onnx.."),
          Map.entry("lss-backend-djl", "dev.lss.backend.djl.."),
          Map.entry("lss-backend-tf", "dev.lss.backend.tf.."),
          Map.entry("lss-testkit", TESTKIT),
          Map.entry("lss-bench", BENCH),
          Map.entry("lss-examples", EXAMPLES));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.lss");

  @Test
  void the_api_depends_on_nothing() {
    check(onlyDependOn(API, API));
  }

  @Test
  void models_depend_on_the_api_alone_and_metrics_on_distributions_too() {
    check(
        onlyDependOn(
            only(METRICS),
            with(API, METRICS, "org.apache.commons.statistics..", "org.apache.commons.numbers..")));
    check(onlyDependOn(only(MODELS), with(API, MODELS)));
  }

  @Test
  void core_depends_on_the_api_and_on_jackson() {
    check(onlyDependOn(only(CORE), with(API, CORE, "com.fasterxml.jackson..")));
  }

  @Test
  void dicom_depends_on_the_api_and_on_the_decoder_of_jpeg_2000() {
    check(onlyDependOn(only(DICOM), with(API, DICOM, "com.github.jaiimageio..")));
  }

  @Test
  void a_backend_depends_on_the_api_and_on_its_own_runtime() {
    check(
        onlyDependOn(
            only("dev.lss.backend.onnx.."),
            with(API, "dev.lss.backend.onnx..", "ai.onnxruntime..")));
    check(
        onlyDependOn(
            only("dev.lss.backend.djl.."), with(API, "dev.lss.backend.djl..", "ai.djl..")));
    check(
        onlyDependOn(
            only("dev.lss.backend.tf.."),
            with(
                API,
                "dev.lss.backend.tf..",
                "org.tensorflow..",
                "org.bytedeco.javacpp..",
                "com.google.protobuf..")));
    check(slices().matching("dev.lss.backend.(*)..").should().notDependOnEachOther());
  }

  @Test
  void the_testkit_depends_on_the_api_and_test_libraries_and_is_for_tests_alone() {
    check(
        onlyDependOn(
            only(TESTKIT), with(API, TESTKIT, "org.junit.jupiter..", "org.assertj.core..")));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TESTKIT));
  }

  @Test
  void nothing_depends_on_the_examples() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXAMPLES));
  }

  @Test
  void the_bench_names_no_backend_and_only_the_examples_know_it() {
    check(
        noClasses()
            .that()
            .resideInAPackage(BENCH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BACKENDS));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(BENCH, EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BENCH));
  }

  @Test
  void lss_bench_runs_without_jmh() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("dev.lss.bench", EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.openjdk.jmh..", "dev.lss.bench.jmh.."));
  }

  @Test
  void tasks_and_stages_know_no_files_and_no_json() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(with(TASKS, IMAGE, STAGE, TASK, "dev.lss.core.inference.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.nio.file..", "dev.lss.core.nifti..", "com.fasterxml..")
                    .or(fileStreams())));
  }

  @Test
  void pure_image_functions_know_neither_networks_nor_tasks() {
    check(
        classes()
            .that()
            .resideInAPackage(IMAGE)
            .should(
                onlyDependOnClassesThat(
                    resideInAnyPackage(with(JDK, "dev.lss.api..", IMAGE))
                        .or(type(VoxelArrays.class))
                        .or(primitives()))));
  }

  @Test
  void what_every_task_uses_knows_no_task() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(STAGE, TASK, REPORT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TASKS));
    check(
        noClasses()
            .that()
            .resideInAPackage(STAGE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TASK, REPORT));
  }

  @Test
  void tasks_do_not_know_each_other() {
    check(
        slices()
            .assignedFrom(slicesOf(Stream.of(TASKS).map(ArchitectureTest::name).toList()))
            .should()
            .notDependOnEachOther());
  }

  @Test
  void no_two_packages_know_each_other_in_a_circle() {
    check(
        slices()
            .assignedFrom(
                slicesOf(
                    CLASSES.stream().map(JavaClass::getPackageName).distinct().sorted().toList()))
            .should()
            .beFreeOfCycles());
  }

  @Test
  void no_third_party_type_appears_in_a_signature_that_applications_see() {
    check(
        classes()
            .that()
            .resideInAnyPackage(with(API, CORE, "dev.lss.dicom", METRICS, MODELS))
            .and()
            .arePublic()
            .should(showOnlyTypesOf(with(JDK, "dev.lss.."))));
  }

  @Test
  void the_library_opens_no_connection() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(http\\..*|.*Socket.*|.*URLConnection|Inet.*)"));
  }

  @Test
  void the_library_prints_nothing_and_never_ends_the_process() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(BENCH, EXAMPLES)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Throwable.class, "printStackTrace"));
  }

  private static void check(ArchRule rule) {
    Set<String> unseen =
        MODULES.entrySet().stream()
            .filter(m -> CLASSES.that(resideInAPackage(m.getValue())).isEmpty())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    assertThat(unseen).as("modules of which no class was seen").isEmpty();
    rule.check(CLASSES);
  }

  private static ArchRule onlyDependOn(String[] packages, String[] allowed) {
    return classes()
        .that()
        .resideInAnyPackage(packages)
        .should(onlyDependOnClassesThat(resideInAnyPackage(with(allowed, JDK)).or(primitives())));
  }

  private static DescribedPredicate<JavaClass> primitives() {
    return DescribedPredicate.describe(
        "primitives and arrays of them", type -> type.getBaseComponentType().isPrimitive());
  }

  private static DescribedPredicate<JavaClass> fileStreams() {
    return DescribedPredicate.describe(
        "files of java.io", type -> type.getName().matches("java\\.io\\.(File.*|RandomAccess.*)"));
  }

  private static ArchCondition<JavaClass> showOnlyTypesOf(String[] packages) {
    DescribedPredicate<JavaClass> allowed = resideInAnyPackage(packages).or(primitives());
    return new ArchCondition<>("show only types of " + List.of(packages)) {
      @Override
      public void check(JavaClass owner, ConditionEvents events) {
        for (JavaMember member : owner.getMembers()) {
          if (isVisible(member)) {
            typesOf(member)
                .filter(type -> !allowed.test(type))
                .forEach(
                    type ->
                        events.add(
                            SimpleConditionEvent.violated(
                                member, member.getFullName() + " shows " + type.getName())));
          }
        }
      }
    };
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> typesOf(JavaMember member) {
    if (member instanceof JavaMethod method) {
      return Stream.concat(
          method.getReturnType().getAllInvolvedRawTypes().stream(),
          method.getParameterTypes().stream()
              .map(JavaType::getAllInvolvedRawTypes)
              .flatMap(Set::stream));
    }
    return member.getAllInvolvedRawTypes().stream().filter(alwaysTrue());
  }

  /** Each of these packages is a slice of its own, root packages too; other classes are in none. */
  private static SliceAssignment slicesOf(List<String> packages) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return packages.contains(type.getPackageName())
            ? SliceIdentifier.of(type.getPackageName())
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages " + packages;
      }
    };
  }

  private static String name(String packages) {
    return packages.replace("..", "");
  }

  private static String[] only(String packages) {
    return new String[] {packages};
  }

  private static String[] with(String[] packages, String... more) {
    return Stream.concat(Stream.of(packages), Stream.of(more)).toArray(String[]::new);
  }
}
