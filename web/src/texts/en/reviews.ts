/** Words of reviews. */
export const reviewTexts = {
  title: "Reviews",
};
