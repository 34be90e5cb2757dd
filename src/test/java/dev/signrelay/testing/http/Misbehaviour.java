package dev.signrelay.testing.http;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.testing.http.RawServer.Behaviour;
import dev.signrelay.testing.http.RawServer.Connection;
import java.io.IOException;

/** The ways in which a server takes a request and gives no reply, and what each is called. */
public enum Misbehaviour implements Behaviour {
  CLOSES_SILENTLY(Cause.DISCONNECTED, Behaviours.writesAndCloses("")),
  RESETS(Cause.DISCONNECTED, Behaviours.writesAndResets("")),
  CLOSES_IN_THE_BODY(Cause.DISCONNECTED, Behaviours.writesAndCloses(Raw.LENGTH_9 + "half")),
  RESETS_IN_THE_BODY(Cause.DISCONNECTED, Behaviours.writesAndResets(Raw.LENGTH_9 + "half")),
  CLOSES_IN_A_CHUNK(Cause.DISCONNECTED, Behaviours.writesAndCloses(Raw.CHUNKED + "9\r\nhalf")),
  CLOSES_BEFORE_THE_LAST_CHUNK(
      Cause.DISCONNECTED, Behaviours.writesAndCloses(Raw.CHUNKED + "4\r\nhalf\r\n")),
  NEVER_ANSWERS(Cause.TIMEOUT, Behaviours.writes("")),
  STOPS_IN_THE_HEADERS(Cause.TIMEOUT, Behaviours.writes(Raw.OK + "X-Y")),
  STOPS_IN_THE_BODY(Cause.TIMEOUT, Behaviours.writes(Raw.LENGTH_9 + "half")),
  NEVER_ENDS_ITS_BODY(Cause.TIMEOUT, Behaviours.writes(Raw.OK + "\r\nsignature")),
  TRICKLES_HEADERS(Cause.TIMEOUT, Behaviours.trickles(Raw.OK + "X-Y: ", "z")),
  TRICKLES_HINTS(Cause.TIMEOUT, Behaviours.trickles("HTTP/1.1 103 Hints\r\nX-Y: ", "z")),
  TRICKLES_BODY(Cause.TIMEOUT, Behaviours.trickles(Raw.OK + "\r\n", "s")),
  TRICKLES_CHUNKS(Cause.TIMEOUT, Behaviours.trickles(Raw.CHUNKED, "1\r\ns\r\n")),
  FLOODS_CONTINUES(Cause.MALFORMED, Behaviours.floods("", "HTTP/1.1 100 Continue\r\n\r\n")),
  FLOODS_HINTS(Cause.MALFORMED, Behaviours.floods("", "HTTP/1.1 103 Hints\r\nX-Y: z\r\n\r\n")),
  FLOODS_HEADERS(Cause.MALFORMED, Behaviours.floods(Raw.OK, "X-Y: z\r\n")),
  FLOODS_ONE_HEADER(Cause.MALFORMED, Behaviours.floods(Raw.OK + "X-Y: ", "z")),
  FLOODS_THE_STATUS_LINE(Cause.MALFORMED, Behaviours.floods("HTTP/1.1 200 ", "z")),
  FLOODS_EMPTY_LINES(Cause.MALFORMED, Behaviours.floods("", "\r\n")),
  ANSWERS_GARBAGE(Cause.MALFORMED, Behaviours.writes("220 ready\r\nwhat?\r\nbye\r\n")),
  ANSWERS_ANOTHER_VERSION(Cause.MALFORMED, Behaviours.writes("HTTP/7.5 200 OK\r\n\r\n")),
  ANSWERS_NO_STATUS(Cause.MALFORMED, Behaviours.writes("HTTP/1.1 OK\r\n\r\n")),
  ANSWERS_A_BAD_LENGTH(Cause.MALFORMED, Behaviours.writes(Raw.OK + "Content-Length: x\r\n\r\n")),
  ANSWERS_A_BAD_CHUNK(Cause.MALFORMED, Behaviours.writes(Raw.CHUNKED + "wrong\r\n"));

  /** The beginnings of replies. */
  private static final class Raw {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String LENGTH_9 = OK + "Content-Length: 9\r\n\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  }

  private final Cause cause;
  private final Behaviour behaviour;

  Misbehaviour(Cause cause, Behaviour behaviour) {
    this.cause = cause;
    this.behaviour = behaviour;
  }

  /** What such an exchange must end with. */
  public Cause cause() {
    return cause;
  }

  @Override
  public void serve(Connection connection) throws IOException {
    behaviour.serve(connection);
  }
}
