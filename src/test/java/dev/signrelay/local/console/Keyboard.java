package dev.signrelay.local.console;

import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.remote.RemoteWebDriver;

/** A person without a mouse. */
record Keyboard(RemoteWebDriver driver) {

  /** More than the page has of what can be focused. */
  private static final int MOST_STEPS = 60;

  /**
   * Goes on with the tab key to the next element that has this id, name or tag.
   *
   * @throws AssertionError if the tab key does not lead there
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
    throw new AssertionError("the tab key does not lead to " + what);
  }

  Keyboard type(CharSequence keys) {
    new Actions(driver).sendKeys(keys).perform();
    return this;
  }

  /** Whether what has the focus is outlined. */
  boolean focusIsVisible() {
    return !"none".equals(driver.switchTo().activeElement().getCssValue("outline-style"));
  }
}
