package dev.signrelay.testing.http;

import static dev.signrelay.testing.http.ConnectionHandlers.floods;
import static dev.signrelay.testing.http.ConnectionHandlers.trickles;
import static dev.signrelay.testing.http.ConnectionHandlers.writes;
import static dev.signrelay.testing.http.ConnectionHandlers.writesAndCloses;
import static dev.signrelay.testing.http.ConnectionHandlers.writesAndResets;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.testing.http.RawServer.Connection;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import java.io.IOException;

/** Faults of a server that reads a request and sends no complete response. */
public enum ServerFault implements ConnectionHandler {
  CLOSES_SILENTLY(Cause.DISCONNECTED, writesAndCloses("")),
  RESETS(Cause.DISCONNECTED, writesAndResets("")),
  CLOSES_IN_THE_BODY(Cause.DISCONNECTED, 200, writesAndCloses(Raw.LENGTH_9 + "half")),
  RESETS_IN_THE_BODY(Cause.DISCONNECTED, 200, writesAndResets(Raw.LENGTH_9 + "half")),
  CLOSES_IN_A_CHUNK(Cause.DISCONNECTED, 200, writesAndCloses(Raw.CHUNKED + "9\r\nhalf")),
  CLOSES_BEFORE_THE_LAST_CHUNK(
      Cause.DISCONNECTED, 200, writesAndCloses(Raw.CHUNKED + "4\r\nhalf\r\n")),
  NEVER_ANSWERS(Cause.TIMEOUT, writes("")),
  STOPS_IN_THE_HEADERS(Cause.TIMEOUT, writes(Raw.OK + "X-Y")),
  STOPS_IN_THE_BODY(Cause.TIMEOUT, 200, writes(Raw.LENGTH_9 + "half")),
  NEVER_ENDS_ITS_BODY(Cause.TIMEOUT, 200, writes(Raw.OK + "\r\nsignature")),
  TRICKLES_HEADERS(Cause.TIMEOUT, trickles(Raw.OK + "X-Y: ", "z")),
  TRICKLES_HINTS(Cause.TIMEOUT, trickles("HTTP/1.1 103 Hints\r\nX-Y: ", "z")),
  TRICKLES_BODY(Cause.TIMEOUT, 200, trickles(Raw.OK + "\r\n", "s")),
  TRICKLES_CHUNKS(Cause.TIMEOUT, 200, trickles(Raw.CHUNKED, "1\r\ns\r\n")),
  FLOODS_CONTINUES(Cause.MALFORMED, floods("", "HTTP/1.1 100 Continue\r\n\r\n")),
  FLOODS_HINTS(Cause.MALFORMED, floods("", "HTTP/1.1 103 Hints\r\nX-Y: z\r\n\r\n")),
  FLOODS_HEADERS(Cause.MALFORMED, floods(Raw.OK, "X-Y: z\r\n")),
  FLOODS_ONE_HEADER(Cause.MALFORMED, floods(Raw.OK + "X-Y: ", "z")),
  FLOODS_THE_STATUS_LINE(Cause.MALFORMED, floods("HTTP/1.1 200 ", "z")),
  FLOODS_EMPTY_LINES(Cause.MALFORMED, floods("", "\r\n")),
  ANSWERS_GARBAGE(Cause.MALFORMED, writes("220 ready\r\nwhat?\r\nbye\r\n")),
  ANSWERS_ANOTHER_VERSION(Cause.MALFORMED, writes("HTTP/7.5 200 OK\r\n\r\n")),
  ANSWERS_NO_STATUS(Cause.MALFORMED, writes("HTTP/1.1 OK\r\n\r\n")),
  ANSWERS_A_BAD_LENGTH(Cause.MALFORMED, writes(Raw.OK + "Content-Length: x\r\n\r\n")),
  ANSWERS_A_BAD_CHUNK(Cause.MALFORMED, 200, writes(Raw.CHUNKED + "wrong\r\n"));

  /** The start of a response. */
  private static final class Raw {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String LENGTH_9 = OK + "Content-Length: 9\r\n\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  }

  private final NoReply result;
  private final ConnectionHandler handler;

  ServerFault(Cause cause, ConnectionHandler handler) {
    this.result = new NoReply(cause, null);
    this.handler = handler;
  }

  ServerFault(Cause cause, int status, ConnectionHandler handler) {
    this.result = new NoReply(cause, status);
    this.handler = handler;
  }

  /** The expected result of a call to such a server. */
  public NoReply result() {
    return result;
  }

  @Override
  public void handle(Connection connection) throws IOException {
    handler.handle(connection);
  }
}
