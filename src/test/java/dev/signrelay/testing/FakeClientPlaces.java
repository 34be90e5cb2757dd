package dev.signrelay.testing;

import dev.signrelay.client.ClientPlaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Places in line that answer as configured. */
public final class FakeClientPlaces implements ClientPlaces {

  /**
   * A place that was taken or refused.
   *
   * @param until the estimated wait
   */
  public record Asked(String client, Duration until, Duration timeout) {}

  public final List<Asked> asked = new ArrayList<>();
  public final List<Answer.Taken> givenBack = new ArrayList<>();
  public Answer answer = new Answer.Taken(1);
  public boolean isDown;

  @Override
  public Answer take(String client, Duration wait, Duration timeout) {
    asked.add(new Asked(client, wait, timeout));
    if (isDown) {
      throw new PlacesUnavailableException("the table is down", new IllegalStateException("test"));
    }
    return answer;
  }

  @Override
  public void giveBack(String client, Answer.Taken place, Duration timeout) {
    givenBack.add(place);
  }
}
