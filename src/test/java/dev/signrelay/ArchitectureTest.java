package dev.signrelay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The layers, and what each package may use. No rule has an exception for a single class. */
final class ArchitectureTest {

  private static final String ROOT = "dev.signrelay";
  private static final String AWS_SDK = "software.amazon..";
  private static final String LAMBDA = "com.amazonaws..";
  private static final String APACHE = "org.apache..";
  private static final String JACKSON = "com.fasterxml..";

  private static final Pattern CLOCK =
      Pattern.compile(
          """
          java\\.time\\..*\\.(now|system|tick).*|java\\.lang\\.System\\.(currentTimeMillis|nanoTime).*\
          |java\\.util\\.(Date|Calendar)\\..*""");

  private static final Pattern RANDOM =
      Pattern.compile(
          """
          java\\.lang\\.(Strict)?Math\\.random.*|java\\.(util|security)\\.[A-Za-z.]*Random\\..*\
          |java\\.util\\.UUID\\.randomUUID.*|java\\.util\\.Collections\\.shuffle.*""");

  private static final Pattern TIMED_WAIT =
      Pattern.compile(
          """
          java\\.lang\\.(Thread\\.(sleep|join)|Object\\.wait|Process\\.waitFor)\\(.+\\)\
          |java\\.util\\.concurrent\\.locks\\..*\\.(park|await)(Nanos|Until).*\
          |java\\.util\\.concurrent\\..*\\(.*TimeUnit.*\\)\
          |java\\.util\\.concurrent\\.CompletableFuture\\.delayedExecutor.*\
          |java\\.util\\.Timer.*|java\\.util\\.concurrent\\.TimeUnit\\.(sleep|timed).*\
          |java\\.util\\.concurrent\\.Executors\\..*""");

  private static final JavaClasses MAIN = new ClassFileImporter().importPath("target/classes");

  /** ArchUnit itself fails if a rule or a layer finds no class. */
  @Test
  void dependenciesOnLibrariesAreFound() {
    assertThat(MAIN.get(SignHandler.class).getDirectDependenciesFromSelf())
        .extracting(dependency -> dependency.getTargetClass().getName())
        .contains("com.amazonaws.services.lambda.runtime.RequestHandler");
  }

  @Test
  void layersDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("functions")
        .definedBy(ROOT)
        .layer("priming")
        .definedBy(in("priming"))
        .layer("workflows")
        .definedBy(in("sign"), in("retry"), in("dispatch"))
        .layer("services")
        .definedBy(in("app"))
        .layer("signing")
        .definedBy(in("attempt"))
        .layer("stages")
        .definedBy(in("upstream"), in("callback"), in("queue"), in("limit"), in("jobrecord"))
        .layer("decisions")
        .definedBy(in("request"), in("policy"), in("destination"))
        .layer("tools")
        .definedBy(
            in("http"),
            in("aws"),
            in("secret"),
            in("event"),
            in("telemetry"),
            in("json"),
            in("time"))
        .layer("values")
        .definedBy(in("job"))
        .whereLayer("functions")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("priming")
        .mayOnlyBeAccessedByLayers("functions")
        .whereLayer("workflows")
        .mayOnlyBeAccessedByLayers("functions")
        .whereLayer("services")
        .mayOnlyBeAccessedByLayers("functions", "priming", "workflows")
        .whereLayer("signing")
        .mayOnlyBeAccessedByLayers("workflows", "services")
        .whereLayer("stages")
        .mayOnlyBeAccessedByLayers("priming", "workflows", "services", "signing")
        .whereLayer("values")
        .mayNotAccessAnyLayer()
        .check(MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void classesHaveNoCycles() {
    slices().assignedFrom(TOP_LEVEL_CLASSES).should().beFreeOfCycles().check(MAIN);
  }

  private static final SliceAssignment TOP_LEVEL_CLASSES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return type.getPackageName().startsWith(ROOT)
              ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "top-level classes";
        }
      };

  @Test
  void decisionsAndValuesArePure() {
    noClasses()
        .that()
        .resideInAnyPackage(in("request"), in("policy"), in("destination"), in("job"))
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "java.lang..",
            "java.math",
            "java.net",
            "java.nio..",
            "java.security",
            "java.time..",
            "java.util..",
            "java.io",
            "org.jspecify..",
            JACKSON,
            in("request"),
            in("policy"),
            in("destination"),
            in("job"),
            in("json"))
        .check(MAIN);
  }

  @Test
  void onlyStagesThatUseAwsAndPrimingDependOnItsSdk() {
    outside(in("aws"), in("queue"), in("limit"), in("jobrecord"), in("secret"), in("priming"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(AWS_SDK)
        .check(MAIN);
  }

  @Test
  void onlyWhatHandlesEventsDependsOnTheirTypes() {
    outside(ROOT, in("priming"), in("sign"), in("retry"), in("queue"), in("event"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(LAMBDA)
        .check(MAIN);
  }

  @Test
  void onlyHttpAwsAndTheServicesThatChooseTheResolverDependOnApachesClient() {
    outside(in("http"), in("aws"), in("app"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(APACHE)
        .check(MAIN);
    noClasses().should().dependOnClassesThat().resideInAPackage("java.net.http..").check(MAIN);
  }

  @Test
  void onlyFormatsDependOnJackson() {
    outside(in("json"), in("event"), in("queue"), in("request"), in("telemetry"), in("priming"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(JACKSON)
        .check(MAIN);
  }

  @Test
  void onlyTheClockPortReadsTheClock() {
    outside(in("time")).should().accessTargetWhere(accessTo("a clock", CLOCK)).check(MAIN);
  }

  @Test
  void onlyTheServicesUseRandomness() {
    outside(in("app"))
        .and(are(not(assignableTo(SecureRandom.class)))) // These return bytes that they are given.
        .should()
        .accessTargetWhere(accessTo("randomness", RANDOM))
        .check(MAIN);
  }

  @Test
  void onlyTheClockPortWaits() {
    noClasses().should().beAssignableTo(Thread.class).check(MAIN);
    outside(in("time"))
        .should()
        .accessTargetWhere(accessTo("a timed wait or an executor", TIMED_WAIT))
        .check(MAIN);
    assertThat(
            MAIN.get("dev.signrelay.time.SystemTime").getAccessesFromSelf().stream()
                .map(access -> access.getTarget().getFullName())
                .filter(TIMED_WAIT.asMatchPredicate()))
        .as("the port's implementation, which the rule would catch elsewhere")
        .hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void onlyTheServicesWriteToStandardOutput() {
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
    outside(in("app")).should(ACCESS_STANDARD_STREAMS).check(MAIN);
  }

  @Test
  void noClassHasAVagueName() {
    noClasses()
        .should()
        .haveNameMatching(".*[.$][^.$]*(Util|Helper|Dto|DTO|Common|Impl)[^.$]*")
        .check(MAIN);
  }

  private static com.tngtech.archunit.base.DescribedPredicate<JavaAccess<?>> accessTo(
      String what, Pattern targets) {
    return describe(
        "it is " + what, access -> targets.matcher(access.getTarget().getFullName()).matches());
  }

  private static GivenClassesConjunction outside(String... packages) {
    return noClasses().that().resideOutsideOfPackages(packages);
  }

  private static String in(String name) {
    return ROOT + "." + name;
  }
}
