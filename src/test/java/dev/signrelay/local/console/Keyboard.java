package dev.signrelay.local.console;

import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.remote.RemoteWebDriver;

/** Simulates a user who only uses the keyboard. */
record Keyboard(RemoteWebDriver driver) {

  /** More than the number of focusable elements of the page. */
  private static final int MOST_STEPS = 60;

  /**
   * Presses the tab key until an element with this id, name or tag name has the focus.
   *
   * @throws AssertionError if the tab key does not reach such an element
   */
  Keyboard tabTo(String what) {
    for (int i = 0; i < MOST_STEPS; i++) {
      type(Keys.TAB);
      WebElement focused = driver.switchTo().activeElement();
      if (what.equals(focused.getDomAttribute("id"))
          || what.equals(focused.getDomAttribute("name"))
          || what.equals(focused.getDomProperty("tagName"))) {
        return this;
      }
    }
    throw new AssertionError("The tab key does not reach " + what);
  }

  Keyboard type(CharSequence keys) {
    new Actions(driver).sendKeys(keys).perform();
    return this;
  }

  /** Whether the focused element has an outline. */
  boolean focusIsVisible() {
    return !"none".equals(driver.switchTo().activeElement().getCssValue("outline-style"));
  }
}
