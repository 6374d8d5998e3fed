/** The button that stays when the row of a deleted token is gone: the focus goes on there. */
export const ADD_BUTTON_ID = 'add-access-token';
