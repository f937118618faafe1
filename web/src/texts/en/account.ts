/** Words of signing in and of the first visit. */
export const accountTexts = {
  email: "E-mail",
  name: "Name",
  password: "Password",
  passwordHint: "At least 10 characters. A sentence is easy to remember and hard to guess.",
  signIn: "Sign in",
  signInTitle: "Sign in to Runwright",
  waiting:
    "Nobody has signed in here yet. Open the one-time link that the server printed when it was started; a new one is printed at every start until then.",
  forgotten: "Forgotten your password? Ask whoever runs this server for a one-time link.",
  welcomeTitle: "Welcome to Runwright",
  welcomeNew: "Set up your account. You sign in with this e-mail and password from now on.",
  welcomeBack: (email: string) => `Set a new password for ${email}. All your other sessions end.`,
  createAccount: "Create account",
  setPassword: "Set password and sign in",
  linkBad: "This link has been used already, or is too old.",
  linkBadHint:
    "Each link works once, for 24 hours. Restart the server to have a new one printed, or ask whoever runs it.",
  toSignIn: "Go to sign-in",
};
