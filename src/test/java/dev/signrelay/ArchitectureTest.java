package dev.signrelay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which way the arrows point. */
final class ArchitectureTest {

  private static final String ROOT = "dev.signrelay";
  private static final String[] AWS = {"software.amazon..", "com.amazonaws.."};
  private static final String APACHE = "org.apache..";
  private static final String JACKSON = "com.fasterxml..";

  private static final Pattern CLOCK_OR_CHANCE =
      Pattern.compile(
          """
          java\\.time\\..*\\.(now|system|tick).*|java\\.lang\\.System\\.(currentTimeMillis|nanoTime).*\
          |java\\.lang\\.(Strict)?Math\\.random.*|java\\.(util|security)\\..*Random.*\
          |java\\.util\\.UUID\\.randomUUID.*""");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void everyClassIsRead() {
    assertThat(MAIN)
        .extracting(JavaClass::getPackageName)
        .contains(ROOT, below("request"), below("retry"), below("queue"), below("log"));
    assertThat(MAIN).extracting(JavaClass::getName).doesNotContain(getClass().getName());
    assertThat(MAIN.get(SignHandler.class).getDirectDependenciesFromSelf())
        .extracting(dependency -> dependency.getTargetClass().getName())
        .contains("com.amazonaws.services.lambda.runtime.RequestStreamHandler");
  }

  @Test
  void packagesDependOnOneAnotherWithoutCircles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void stagesKnowNothingOfHandlersSettingsAndWiring() {
    outside(ROOT).should().dependOnClassesThat().resideInAPackage(ROOT).check(MAIN);
  }

  /** Not even through what they depend on. */
  @Test
  void requestsAndDecisionsArePure() {
    noClasses()
        .that()
        .resideInAnyPackage(below("request"), below("retry"))
        .should()
        .transitivelyDependOnClassesThat(
            resideInAnyPackage(AWS)
                .or(resideInAnyPackage(APACHE, JACKSON, "java.net.http.."))
                .or(resideInAnyPackage(below("http"), below("json"), below("queue"), below("aws"))))
        .check(MAIN);
  }

  @Test
  void onlyHandlersWiringAndTheStoresKnowAws() {
    outside(ROOT, below("aws"), below("queue"), below("limit"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(AWS)
        .check(MAIN);
  }

  @Test
  void onlyHttpKnowsItsClientAndWiringTheResolver() {
    outside(below("http"))
        .and()
        .doNotBelongToAnyOf(Wiring.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(APACHE, "java.net.http..")
        .check(MAIN);
    noClasses()
        .that()
        .belongToAnyOf(Wiring.class)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(APACHE)
                .and(describe("are no resolver", c -> !c.getName().endsWith("DnsResolver"))))
        .check(MAIN);
  }

  /** But for what a rehearsal answers in the place of SQS. */
  @Test
  void onlyEventsBodiesAndQueueMessagesAreMadeWithJackson() {
    outside(below("json"), below("event"), below("queue"))
        .and()
        .doNotBelongToAnyOf(RehearsedServices.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JACKSON)
        .check(MAIN);
  }

  @Test
  void timeAndChanceComeFromWiring() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Wiring.class)
        .should()
        .accessTargetWhere(
            describe(
                "it is a clock or a source of chance",
                (JavaAccess<?> access) ->
                    CLOCK_OR_CHANCE.matcher(access.getTarget().getFullName()).matches()))
        .check(MAIN);
  }

  @Test
  void onlyTheLogWrites() {
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
    outside(below("log"))
        .and()
        .doNotBelongToAnyOf(Wiring.class)
        .should(ACCESS_STANDARD_STREAMS)
        .check(MAIN);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*[.$][^.$]*(Util|Helper|Dto|DTO|Common|Impl)[^.$]*")
        .check(MAIN);
  }

  private static GivenClassesConjunction outside(String... packages) {
    return noClasses().that().resideOutsideOfPackages(packages);
  }

  private static String below(String name) {
    return ROOT + "." + name;
  }
}
