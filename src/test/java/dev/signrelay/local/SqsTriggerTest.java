package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import org.junit.jupiter.api.Test;

final class SqsTriggerTest {

  private static final String TWO_EVENTS =
      """
      Parameters:
        Most: { Type: Number, Default: 20 }
      Resources:
        Function:
          Properties:
            Events:
              First:
                Type: SQS
                Properties:
                  Queue: !GetAtt FirstQueue.Arn
                  BatchSize: 10
                  ScalingConfig: { MaximumConcurrency: !Ref Most }
              Tick: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 minute) } }
              Second:
                Type: SQS
                Properties:
                  Queue: !GetAtt SecondQueue.Arn
                  BatchSize: 3
                  ScalingConfig: { MaximumConcurrency: 5 }
        WithoutEvents: { Properties: {} }
      """;

  @Test
  void everySqsEventOfAFunctionIsATrigger() {
    Template template = Template.parse(new StringReader(TWO_EVENTS));

    assertThat(SqsTrigger.of(template, "Function"))
        .containsExactly(new SqsTrigger("FirstQueue", 10, 20), new SqsTrigger("SecondQueue", 3, 5));
    assertThat(SqsTrigger.of(template, "WithoutEvents")).isEmpty();
  }
}
